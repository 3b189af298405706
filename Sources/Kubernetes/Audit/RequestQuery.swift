/// The parameters of a request's path (RFC 3986, 2.1 and 3.4), of which the first 8 KiB are looked at.
struct RequestQuery {
  private static let limit = 8 << 10

  private let parameters: [Substring]

  init(_ uri: String) {
    let parts = uri.prefix(Self.limit).split(separator: "?", maxSplits: 1)
    parameters = parts.count == 2 ? parts[1].split(separator: "&") : []
  }

  /// The first value of a parameter, decoded; `nil` where it is empty.
  subscript(name: String) -> String? {
    guard let parameter = parameters.first(where: { $0.hasPrefix(name + "=") }) else { return nil }
    let value = parameter.dropFirst(name.count + 1)
    return value.isEmpty ? nil : Self.decoded(value)
  }

  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2)
      if byte == UInt8(ascii: "%"), digits.count == 2,
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
