/// Values as JSON (RFC 8259).
struct JSONWriter {
  /// How containers are laid out: on lines, or on one.
  enum Layout {
    case lines(indentation: String, unit: String, lineBreak: String)
    case line
  }

  /// Between a key and its value, with the colon.
  var colon = ": "
  var comma = ", "
  /// Where an error is reported.
  var offset: Int

  func text(_ value: FieldValue, _ layout: Layout) throws(EditProblem) -> String {
    var parts: [String] = []
    switch value {
    case .scalar(let scalar): return try text(scalar)
    case .sequence(let values):
      for value in values { parts.append(try text(value, layout.inner)) }
      return Self.joined("[", parts, "]", layout, comma)
    case .mapping(let entries):
      for entry in entries { parts.append(key(entry.key) + colon + (try text(entry.value, layout.inner))) }
      return Self.joined("{", parts, "}", layout, comma)
    }
  }

  func key(_ key: String) -> String { Self.quoted(key) }

  private static func joined(
    _ opening: String, _ parts: [String], _ closing: String, _ layout: Layout, _ comma: String
  ) -> String {
    switch layout {
    case .lines(let indentation, let unit, let lineBreak) where !parts.isEmpty:
      let gap = lineBreak + indentation
      return opening + gap + unit + parts.joined(separator: "," + gap + unit) + gap + closing
    default: return opening + parts.joined(separator: comma) + closing
    }
  }

  private func text(_ scalar: Scalar) throws(EditProblem) -> String {
    switch scalar {
    case .string(let text): return Self.quoted(text)
    case .null, .bool: return scalar.text
    case .integer(let text), .float(let text):
      let isNumber = (try? Document.parse(Array(text.utf8), as: .json).first?.root.scalar) == scalar
      if isNumber { return text }
    case .date: break
    }
    throw EditProblem(
      .unsupported, "JSON has no \(scalar.typeName.drop { $0 != " " }.dropFirst()) \(scalar.text)", at: offset,
      remedy: "give it as a string")
  }

  /// In double quotes, with no more escapes than the grammar asks for, and those that keep a line readable.
  static func quoted(_ text: String) -> String {
    let named: [Unicode.Scalar: String] = [
      "\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u{8}": "\\b", "\u{C}": "\\f",
    ]
    var result = "\""
    for scalar in text.unicodeScalars {
      if let escape = named[scalar] {
        result += escape
      } else if scalar.value < 0x20 || scalar.value == 0x7F {
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension JSONWriter.Layout {
  fileprivate var inner: Self {
    switch self {
    case .lines(let indentation, let unit, let lineBreak):
      .lines(indentation: indentation + unit, unit: unit, lineBreak: lineBreak)
    case .line: .line
    }
  }
}
