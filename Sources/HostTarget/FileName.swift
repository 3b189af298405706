/// One name in a folder: any bytes but NUL and `/`, UTF-8 or not, compared as bytes, since Linux does.
///
/// `String` won't do: it takes `é` of one and of two code points for the same name, and Linux for two.
struct FileName: Hashable, Comparable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// With the NUL that system calls ask for.
  let terminated: [CChar]

  init(_ bytes: some Sequence<UInt8>) {
    terminated = bytes.map { CChar(bitPattern: $0) } + [0]
  }

  init(_ string: some StringProtocol) {
    self.init(string.utf8)
  }

  init(stringLiteral string: String) {
    self.init(string.utf8)
  }

  var bytes: some RandomAccessCollection<UInt8> { terminated.dropLast().lazy.map { UInt8(bitPattern: $0) } }
  var description: String { String(decoding: bytes, as: UTF8.self) }

  func hasPrefix(_ prefix: String) -> Bool { bytes.starts(with: prefix.utf8) }

  static func < (a: Self, b: Self) -> Bool {
    a.bytes.lexicographicallyPrecedes(b.bytes)
  }
}
