/// Keys and values as env, properties and INI files spell them.
struct LineWriter {
  let format: DocumentFormat
  /// Where an error is reported.
  let offset: Int

  /// The spellings that may carry a value, best first; null only where a key stands alone.
  func spellings(of value: FieldValue, style: NodeStyle) throws(EditProblem) -> [String] {
    guard let scalar = value.scalar, let text = scalar.stringValue else {
      throw EditProblem(
        .unsupported, "\(format.rawValue) files hold strings, not \(value.scalar?.typeName ?? "mappings and lists")",
        at: offset, remedy: "give it as a string")
    }
    switch format {
    case .env: return env(text, style)
    case .properties: return [Self.properties(text, isKey: false)]
    default: return try [ini(text)]
    }
  }

  func key(_ key: String) throws(EditProblem) -> String {
    switch format {
    case .properties: return Self.properties(key, isKey: true)
    default:
      // The key alone must read as itself.
      let read = try? Document.parse(Array((key + "=x").utf8), as: format).first?.root.ownEntries
      if let read, read.count == 1, read[0].key.isExactly(key), read[0].value.text == "x" { return key }
      throw EditProblem(
        .unsupported, "\(Scalar.quoted(key)) is no key of \(format.rawValue) files", at: offset,
        remedy: "choose another")
    }
  }

  // MARK: env

  private func env(_ text: String, _ style: NodeStyle) -> [String] {
    let bytes = Array(text.utf8)
    let isPlain =
      bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"'\"`$\\#;&|<>(){}*?!".utf8.contains($0) || $0 >= 0x80 }
    let canSingle = !bytes.contains(UInt8(ascii: "'")) && !bytes.contains(0x0D)
    let single = canSingle ? ["'\(text)'"] : []
    let double = ["\"\(Self.envEscaped(text))\""]
    switch style {
    case .singleQuoted: return single + double
    case .doubleQuoted: return double
    default:
      let hasDollar = bytes.contains(UInt8(ascii: "$")) || bytes.contains(UInt8(ascii: "\\"))
      return (isPlain ? [text] : []) + (hasDollar ? single + double : double + single)
    }
  }

  private static func envEscaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\", "$": result += "\\"; result.unicodeScalars.append(scalar)
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  // MARK: properties

  /// As `java.util.Properties.store` escapes, except that letters beyond Latin stay as they are.
  private static func properties(_ text: String, isKey: Bool) -> String {
    var result = ""
    for (place, scalar) in text.unicodeScalars.enumerated() {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{C}": result += "\\f"
      case " " where isKey || place == 0: result += "\\ "
      case "=" where isKey, ":" where isKey, "#" where isKey && place == 0, "!" where isKey && place == 0:
        result += "\\"
        result.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  // MARK: INI

  private func ini(_ text: String) throws(EditProblem) -> String {
    let bytes = Array(text.utf8)
    let isTrimmed = !(bytes.first.map(SourceText.isBlank) ?? false) && !(bytes.last.map(SourceText.isBlank) ?? false)
    if isTrimmed, !bytes.contains(where: { $0 < 0x20 && $0 != 0x09 }) { return text }
    throw EditProblem(
      .unsupported, "an INI value is one line without blanks around it", at: offset, remedy: "quote it in the value")
  }
}
