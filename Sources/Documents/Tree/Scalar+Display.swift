extension Scalar: CustomStringConvertible {
  public var description: String { display }

  /// The value for people: a string stands in double quotes when it is empty, would read as another type, or holds
  /// characters that would mislead.
  public var display: String {
    switch self {
    case .string(let text): Self.readsAsItself(text) ? text : Self.quoted(text)
    default: text
    }
  }

  /// The value as YAML that reads back to exactly this scalar.
  var exact: String {
    switch self {
    case .integer(let text) where CoreSchema.type(ofPlain: Array(text.utf8)) != .integer: "!!int \(text)"
    case .float(let text) where CoreSchema.type(ofPlain: Array(text.utf8)) != .float: "!!float \(text)"
    case .date(let text): "!!timestamp \(text.isEmpty ? "\"\"" : text)"
    default: display
    }
  }

  /// In double quotes, with the escapes that JSON and YAML share.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if isUnprintable(scalar) {
          result += escape(scalar.value)
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }

  private static func escape(_ value: UInt32) -> String {
    if value > 0xFFFF {
      let rest = value - 0x10000
      return escape(0xD800 + rest >> 10) + escape(0xDC00 + rest & 0x3FF)
    }
    let digits = String(value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }

  /// Controls, and what changes or hides the text around it: separators, bidirectional marks, noncharacters.
  static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case ..<0x20, 0x7F...0xA0, 0xAD, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
    case let value: value & 0xFFFE == 0xFFFE
    }
  }

  private static func readsAsItself(_ text: String) -> Bool {
    CoreSchema.type(ofPlain: Array(text.utf8)) == .string && text != "<<" && isPlain(text)
  }

  /// Whether a text needs no quotes to be one scalar in YAML's flow style, of whatever type.
  static func isPlain(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, let last = bytes.last else { return false }
    if first == UInt8(ascii: " ") || last == UInt8(ascii: " ") || last == UInt8(ascii: ":") { return false }
    if bytes.starts(with: "---".utf8) || bytes.starts(with: "...".utf8) { return false }
    if "-?:,[]{}#&*!|>'\"%@`=".utf8.contains(first) && CoreSchema.type(ofPlain: bytes) == .string { return false }
    if text.unicodeScalars.contains(where: isUnprintable) { return false }
    if bytes.contains(where: { ",[]{}".utf8.contains($0) }) { return false }
    return !zip(bytes, bytes.dropFirst()).contains { pair in
      (pair.0 == UInt8(ascii: ":") && (pair.1 == UInt8(ascii: " ") || pair.1 == UInt8(ascii: "?")))
        || (pair.0 == UInt8(ascii: " ") && pair.1 == UInt8(ascii: "#"))
    }
  }
}
