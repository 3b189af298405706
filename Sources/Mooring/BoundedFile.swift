import Glibc

/// Reads files that may be anything: also a device without an end.
public enum BoundedFile {
  /// At most one byte more than `limit`, by which it is seen that there is more; nil when the file can't be read.
  public static func bytes(at path: String, limit: Int) -> [UInt8]? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limit {
      let count = fread(&part, 1, min(part.count, limit + 1 - bytes.count), file)
      if count == 0 { break }
      bytes += part[..<count]
    }
    return ferror(file) == 0 ? bytes : nil
  }
}
