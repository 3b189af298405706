@testable import DocumentsTestSupport

/// Sound JSON with everything that the grammar has.
enum RandomJSON {
  static func value(_ random: inout SeededRandom, depth: Int) -> String {
    func blank() -> String { ["", "", " ", "\n", "\t\r\n"].randomElement(using: &random) ?? "" }
    let kind = depth > 0 ? Int.random(in: 0..<6, using: &random) : 5
    switch kind {
    case 0, 1:
      let items = (0..<Int.random(in: 0...4, using: &random)).map { _ in value(&random, depth: depth - 1) }
      return "[" + blank() + items.joined(separator: blank() + "," + blank()) + blank() + "]"
    case 2, 3:
      let items = (0..<Int.random(in: 0...4, using: &random)).map {
        "\"k\($0)\(word(&random))\"" + blank() + ":" + blank() + value(&random, depth: depth - 1)
      }
      return "{" + blank() + items.joined(separator: blank() + ",") + blank() + "}"
    default: return scalar(&random)
    }
  }

  private static func scalar(_ random: inout SeededRandom) -> String {
    switch Int.random(in: 0..<3, using: &random) {
    case 0: "\"\(word(&random))\""
    case 1:
      ["0", "-0", "12", "-7", "1.50", "1e5", "-2.5E-10", "123456789012345678901"].randomElement(using: &random) ?? "0"
    default: ["true", "false", "null"].randomElement(using: &random) ?? "null"
    }
  }

  private static func word(_ random: inout SeededRandom) -> String {
    let parts = ["a", "é", "𝄞", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\t", " ", "{", "\u{7f}", "x"]
    return (0..<Int.random(in: 0...4, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }.joined()
  }
}

/// TOML whose tables collide now and then.
enum RandomTOML {
  static func document(_ random: inout SeededRandom) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...8, using: &random) {
      switch Int.random(in: 0..<6, using: &random) {
      case 0: text += "[\(key(&random))]\n"
      case 1: text += "[[ \(key(&random)) ]] # c\n"
      default: text += "\(key(&random)) = \(value(&random, depth: 3))\n"
      }
    }
    return text
  }

  private static func key(_ random: inout SeededRandom) -> String {
    let parts = ["a", "b", "c", "d", "e", "f", "1", "-", "\"q r\"", "'s'", "\"\\u0061\"", "\"\""]
    let count = [1, 1, 1, 2, 2, 3].randomElement(using: &random) ?? 1
    let separator = Bool.random(using: &random) ? "." : " . "
    return (0..<count).map { _ in parts.randomElement(using: &random) ?? "a" }.joined(separator: separator)
  }

  private static func value(_ random: inout SeededRandom, depth: Int) -> String {
    switch depth > 0 ? Int.random(in: 0..<7, using: &random) : 6 {
    case 0:
      let items = (0..<Int.random(in: 0...3, using: &random)).map { _ in value(&random, depth: depth - 1) }
      return "[ " + items.joined(separator: ", # c\n ")
        + (Bool.random(using: &random) ? ",\n]" : "]").dropFirst(items.isEmpty ? 1 : 0)
        + (items.isEmpty ? "]" : "")
    case 1:
      let items = (0..<Int.random(in: 0...3, using: &random)).map { _ in
        "\(key(&random))=\(value(&random, depth: depth - 1))"
      }
      return "{ " + items.joined(separator: " , ") + " }"
    default: return scalars.randomElement(using: &random) ?? "1"
    }
  }

  private static let scalars = [
    "1", "-17", "+0", "1_000", "0xDEAD_beef", "0o755", "0b1101", "9223372036854775807", "1.5", "-0.0", "6.626e-34",
    "1_0.0_1", "5e+22", "inf", "-inf", "nan", "true", "false", "1979-05-27", "07:32:00", "00:32:00.999999",
    "1979-05-27T07:32:00Z", "1979-05-27 07:32:00.5-07:00", "1979-05-27t00:32:00", "2000-02-29", "\"\"", "''",
    "\"a\\tb\\u00e9\\U0001F600\\\"\"", "'C:\\x'", "\"\"\"\"\"\"", "\"\"\"\nx\\\n   y\n\"\"z\"\"\"", "'''\nl'l\n''l'''",
    "\"\"\"x\"\"\"\"\"", "'''''a''''", "\"é𝄞\"",
  ]
}

/// Block YAML with every style of scalar.
enum RandomBlockYAML {
  static func document(_ random: inout SeededRandom) -> String {
    let count = Int.random(in: 1...2, using: &random)
    return (0..<count).map { _ in
      "---\n" + (Bool.random(using: &random) ? mapping(&random, 0, 3) : sequence(&random, 0, 3))
    }.joined()
  }

  private static func mapping(_ random: inout SeededRandom, _ indent: Int, _ depth: Int) -> String {
    (0..<Int.random(in: 1...4, using: &random)).map { number in
      let key = ["k\(number)", "\"é\(number)\"", "'q \(number)'", "𝄞\(number)"].randomElement(using: &random) ?? "k"
      return blanks(indent) + key + ":" + value(&random, indent, depth)
    }.joined()
  }

  private static func sequence(_ random: inout SeededRandom, _ indent: Int, _ depth: Int) -> String {
    (0..<Int.random(in: 1...4, using: &random)).map { _ in
      blanks(indent) + "-" + value(&random, indent, depth)
    }.joined()
  }

  /// What follows a colon or a dash, up to and with the line's end.
  private static func value(_ random: inout SeededRandom, _ indent: Int, _ depth: Int) -> String {
    switch Int.random(in: 0..<(depth > 0 ? 10 : 8), using: &random) {
    case 0: return " |\n\(blanks(indent + 2))é line\n\(blanks(indent + 2))  more\n"
    case 1: return " >-\n\(blanks(indent + 2))folded\n\(blanks(indent + 2))text\n\n"
    case 2: return " \"esc \\n \\u00e9\"  # cömment\n"
    case 3: return " {a: [1, \"ü\"], 'b': x}\n"
    case 4: return " !t plain\n# comment\n"
    case 5: return "\n"
    case 6: return " two\n\(blanks(indent + 2))lines\n"
    case 7:
      return [" 1.10\n", " ''\n", " it's\n", " a#b\n", " 'é'\n", " http://x:80/\n"].randomElement(using: &random)
        ?? "\n"
    case 8: return "\n" + mapping(&random, indent + 2, depth - 1)
    default: return "\n" + sequence(&random, indent + 2, depth - 1)
    }
  }

  private static func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }
}
