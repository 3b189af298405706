import Glibc

/// How `ssh` learns a key's passphrase: it runs us, with the path of the passphrase's file in a variable, and reads what
/// we print. The passphrase itself is in nobody's arguments and in nobody's environment.
public enum SSHPassphrase {
  public static let variable = "MOORING_PASSPHRASE_FILE"
  static let maximumBytes = 1024

  /// Whether we were started to say a passphrase.
  public static var isAskedFor: Bool { getenv(variable) != nil }

  /// Prints the passphrase: the first line of the file. Returns the exit status.
  public static func say() -> Int32 {
    guard let name = getenv(variable) else { return 1 }
    do {
      let bytes = try RemoteFile(String(cString: name)).read(upTo: maximumBytes, as: "the passphrase")
      let line = Array(bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }) + [UInt8(ascii: "\n")]
      return line.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) } == line.count ? 0 : 1
    } catch {
      let text = Array("mooring: \(error)\n".utf8)
      _ = text.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
      return 1
    }
  }

  /// This program's own file.
  static var ourselves: String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    guard count > 0 else { return nil }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
