/// Text of others in a Markdown document: shown as it is, never obeyed.
public enum MarkdownText {
  /// Everything that CommonMark gives a meaning to in a line is escaped by a backslash (CommonMark 0.31, 2.4), and what is
  /// no printable character is shown by its number. A pipe would end a table's cell.
  public static func line(_ text: String, limit: Int = 500) -> String {
    var line = ""
    for scalar in text.unicodeScalars.prefix(limit) {
      switch scalar {
      case "\n", "\r", "\t", "\u{2028}", "\u{2029}": line += " "
      case _ where scalar.value < 32 || (127..<160).contains(scalar.value) || isSteering(scalar):
        line += "\\\\u{\(String(scalar.value, radix: 16))}"
      case _ where special.contains(scalar): line += "\\\(scalar)"
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line + (text.unicodeScalars.count > limit ? "…" : "")
  }

  /// Several lines as a quotation, each escaped.
  public static func quotation(_ text: String) -> String {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).prefix(200)
      .map { "> " + line(String($0)) }.joined(separator: "\n")
  }

  /// Text in backquotes; more of them than are in it, as CommonMark 6.1 says.
  public static func code(_ text: String, limit: Int = 200) -> String {
    let plain = text.unicodeScalars.prefix(limit).map { scalar in
      scalar.value < 32 || (127..<160).contains(scalar.value) || isSteering(scalar) ? " " : "\(scalar)"
    }.joined().replacing("|", with: "\\|")
    var (longest, run) = (0, 0)
    for character in plain {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let pad = plain.hasPrefix("`") || plain.hasSuffix("`") || plain.isEmpty ? " " : ""
    return fence + pad + plain + pad + fence
  }

  /// What begins or ends markup inside a line, HTML and mentions among it.
  private static let special = Set("\\`*_[]<>#!|~&@".unicodeScalars)

  /// Characters that turn the direction of text, or are not seen: a name could pass for another.
  private static func isSteering(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF: true
    default: false
    }
  }
}
