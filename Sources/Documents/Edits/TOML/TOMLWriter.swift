/// Values as TOML 1.0.
struct TOMLWriter {
  /// Where an error is reported.
  let offset: Int
  var style = NodeStyle.doubleQuoted
  /// Whether lines end with CRLF, which a string of several lines would take into its text.
  var endsWithCRLF = false

  func text(_ value: FieldValue) throws(EditProblem) -> String {
    var parts: [String] = []
    switch value {
    case .scalar(let scalar): return try text(scalar)
    case .sequence(let values):
      for value in values { parts.append(try text(value)) }
      return "[" + parts.joined(separator: ", ") + "]"
    case .mapping(let entries):
      for entry in entries { parts.append(Self.key(entry.key) + " = " + (try text(entry.value))) }
      return parts.isEmpty ? "{}" : "{ " + parts.joined(separator: ", ") + " }"
    }
  }

  static func key(_ key: String) -> String {
    let isBare = key.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    return isBare && !key.isEmpty ? key : JSONWriter.quoted(key)
  }

  private func text(_ scalar: Scalar) throws(EditProblem) -> String {
    switch scalar {
    case .string(let text): return string(text)
    case .bool: return scalar.text
    case .null:
      throw EditProblem(.unsupported, "TOML has no null", at: offset, remedy: "remove the field instead")
    case .integer(let text), .float(let text), .date(let text):
      let source = Array("x = \(text)".utf8)
      if (try? Document.parse(source, as: .toml).first?.root["x"]?.scalar) == scalar { return text }
      throw EditProblem(
        .unsupported, "\(text) isn't \(scalar.typeName) in TOML", at: offset, remedy: "write it as TOML does")
    }
  }

  private func string(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let hasControls = bytes.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A || $0 == 0x7F }
    let hasLines = bytes.contains(0x0A)
    switch style {
    case .singleQuoted where !hasControls && !hasLines && !bytes.contains(UInt8(ascii: "'")): return "'\(text)'"
    case .literal where !hasControls && !endsWithCRLF && !text.contains("'''") && bytes.last != UInt8(ascii: "'"):
      return "'''" + (hasLines ? "\n" : "") + text + "'''"
    case .literal where hasLines && !endsWithCRLF, .folded where !endsWithCRLF: return lines(text)
    default: return JSONWriter.quoted(text)
    }
  }

  /// In three double quotes, with the text's own line ends.
  private func lines(_ text: String) -> String {
    let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
      JSONWriter.quoted(String(Substring($0))).dropFirst().dropLast()
    }
    return "\"\"\"" + (lines.count > 1 ? "\n" : "") + lines.joined(separator: "\n") + "\"\"\""
  }
}
