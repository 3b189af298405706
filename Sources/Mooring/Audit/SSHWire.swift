/// Strings and numbers as SSH writes them (RFC 4251, section 5), and never past the end.
struct SSHReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func take(_ count: Int) -> [UInt8]? {
    guard count >= 0, count <= bytes.count - position else { return nil }
    defer { position += count }
    return Array(bytes[position..<(position + count)])
  }

  mutating func number() -> Int? { take(4).map { $0.reduce(0) { $0 << 8 | Int($1) } } }

  mutating func string() -> [UInt8]? { number().flatMap { take($0) } }

  mutating func text() -> String? { string().map { String(decoding: $0, as: UTF8.self) } }
}

extension [UInt8] {
  mutating func append(sshNumber number: Int) {
    for shift in [24, 16, 8, 0] { append(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  mutating func append(sshString bytes: some Collection<UInt8>) {
    append(sshNumber: bytes.count)
    append(contentsOf: bytes)
  }
}
