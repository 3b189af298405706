import Glibc

/// Finds Kubernetes secrets in a file, also where the file doesn't parse and whatever they are nested in.
///
/// A file that holds one shows none of its values: too little is shown rather than too much.
enum SecretSearch {
  static func findsOne(in bytes: [UInt8]?) -> Bool {
    guard let bytes else { return false }
    var start = 0
    while let found = bytes.firstIndex(of: kind, from: start) {
      start = found + kind.count
      let value = bytes[start...].drop(while: isBetween)
      if value.starts(with: secret), value.dropFirst(secret.count).first.map({ !isLetter($0) }) ?? true { return true }
    }
    return false
  }

  private static let kind = Array("kind".utf8)
  private static let secret = Array("Secret".utf8)

  /// What may stand between the key and its value: blanks, quotes and the colon.
  private static func isBetween(_ byte: UInt8) -> Bool { " \t\r\n:\"'".utf8.contains(byte) }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte) || (48...57).contains(byte)
  }
}

extension [UInt8] {
  /// Where some bytes first stand, from a place on. The standard library's search in collections takes a hundred times as
  /// long.
  func firstIndex(of sought: [UInt8], from start: Int = 0) -> Int? {
    withUnsafeBytes { bytes in
      guard let first = sought.first, let base = bytes.baseAddress else { return nil }
      var place = start
      while place + sought.count <= bytes.count,
        let found = memchr(base + place, Int32(first), bytes.count - sought.count + 1 - place)
      {
        place = UnsafeRawPointer(found) - base
        if memcmp(base + place, sought, sought.count) == 0 { return place }
        place += 1
      }
      return nil
    }
  }
}
