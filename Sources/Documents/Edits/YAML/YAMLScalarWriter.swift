/// Scalars as YAML on one line.
enum YAMLScalarWriter {
  /// In the style when it can carry the value; else in one that can.
  static func text(_ scalar: Scalar, style: NodeStyle, isInFlow: Bool) -> String {
    guard case .string(let text) = scalar else { return scalar.exact }
    switch style {
    case .plain where isPlain(text, isInFlow: isInFlow): return text
    case .singleQuoted where isSingleLine(text): return singleQuoted(text)
    case .plain, .singleQuoted, .literal, .folded, .block, .flow:
      let isEasierInSingle = text.utf8.contains { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
      return isEasierInSingle && style != .singleQuoted && isSingleLine(text)
        ? singleQuoted(text) : doubleQuoted(text)
    case .doubleQuoted: return doubleQuoted(text)
    }
  }

  static func key(_ key: String, isInFlow: Bool) -> String { text(.string(key), style: .plain, isInFlow: isInFlow) }

  /// Whether a string needs no quotes, neither here nor for a reader of YAML 1.1, who takes `no` for a boolean and
  /// `2001-01-01` for a date (https://yaml.org/type/).
  static func isPlain(_ text: String, isInFlow: Bool) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, CoreSchema.type(ofPlain: bytes) == .string, !means11(text) else { return false }
    if isInFlow { return Scalar.isPlain(text) && !bytes.contains(UInt8(ascii: "?")) }
    guard isSingleLine(text), !text.utf8.contains(0x09), first != 0x20, bytes.last != 0x20,
      bytes.last != UInt8(ascii: ":"), !text.hasPrefix("---"), !text.hasPrefix("...")
    else { return false }
    if ",[]{}#&*!|>'\"%@`=".utf8.contains(first) { return false }
    if "-?:".utf8.contains(first), bytes.count == 1 || bytes[1] == 0x20 { return false }
    return !zip(bytes, bytes.dropFirst()).contains {
      $0 == UInt8(ascii: ":") && $1 == 0x20 || $0 == 0x20 && $1 == UInt8(ascii: "#")
    }
  }

  private static func means11(_ text: String) -> Bool {
    if ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "<<", "="].contains(text.lowercased()) {
      return true
    }
    let digits = text.utf8.drop { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    guard let first = digits.first, first >= UInt8(ascii: "0"), first <= UInt8(ascii: "9") else { return false }
    return text.utf8.allSatisfy { NumberSyntax.digit($0) != nil || "+-.:_xXoOTtZz ".utf8.contains($0) }
  }

  /// Printable to the last character, and without line ends of any kind.
  static func isSingleLine(_ text: String) -> Bool {
    !text.unicodeScalars.contains { $0 != "\t" && Scalar.isUnprintable($0) }
  }

  private static func singleQuoted(_ text: String) -> String {
    var result = "'"
    for scalar in text.unicodeScalars {
      result.unicodeScalars.append(scalar)
      if scalar == "'" { result += "'" }
    }
    return result + "'"
  }

  private static func doubleQuoted(_ text: String) -> String {
    let named: [Unicode.Scalar: String] = [
      "\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0",
    ]
    var result = "\""
    for scalar in text.unicodeScalars {
      if let escape = named[scalar] {
        result += escape
      } else if Scalar.isUnprintable(scalar) {
        let digits = String(scalar.value, radix: 16)
        let width = scalar.value > 0xFFFF ? 8 : scalar.value > 0xFF ? 4 : 2
        result += (width == 8 ? "\\U" : width == 4 ? "\\u" : "\\x")
        result += String(repeating: "0", count: width - digits.count) + digits
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
