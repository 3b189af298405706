import Documents

/// Commented configuration files of every format, in varying habits.
struct RandomFiles {
  var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  mutating func file(_ format: DocumentFormat) -> String {
    var text =
      switch format {
      case .json: json()
      case .toml: toml()
      case .env: env()
      case .ini: ini()
      default: yaml()
      }
    if one(in: 4), text.utf8.last == 0x0A { text.removeLast() }
    if one(in: 4) { text = String(decoding: text.utf8.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }, as: UTF8.self) }
    return text
  }

  mutating func one(in count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }
  mutating func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &random)] }
  mutating func count(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  // MARK: YAML

  private mutating func yaml() -> String {
    let unit = pick([2, 2, 4])
    let listUnit = pick([0, 2])
    return (one(in: 3) ? "# head\n---\n" : "") + mapping(0, unit, listUnit, 3)
      + (one(in: 4) ? "---\nother: 1 # more\n" : "")
  }

  private mutating func mapping(_ column: Int, _ unit: Int, _ listUnit: Int, _ depth: Int) -> String {
    let names = ["", "é", " b", "-c", ".d/e"]
    return (0..<count(1...4)).map { number in
      let key = "k\(number)" + pick(names)
      return note(column) + blanks(column) + (one(in: 6) ? "\"\(key)\"" : key) + ":"
        + value(column, unit, listUnit, depth, isInList: false)
    }.joined()
  }

  private mutating func list(_ column: Int, _ unit: Int, _ listUnit: Int, _ depth: Int) -> String {
    (0..<count(1...4)).map { _ in
      note(column) + blanks(column) + "-" + value(column, unit, listUnit, depth, isInList: true)
    }.joined()
  }

  private mutating func value(_ column: Int, _ unit: Int, _ listUnit: Int, _ depth: Int, isInList: Bool) -> String {
    let inner = blanks(column + 2)
    switch count(0...(depth > 0 ? 12 : 8)) {
    case 0: return " |\n\(inner)é line\n\(inner)  more\n" + pick(["", "\n"])
    case 1: return pick([" >-\n", " > # folded\n"]) + "\(inner)folded\n\(inner)text\n"
    case 2: return pick([" {a: 1, b: 'x'}", " [1, \"ü\", y z]", " {}", " []", " { a: [1, {c: d}] }"]) + comment()
    case 3: return pick([" first\n\(inner)second", ""]) + comment()
    case 4: return " [\n\(inner)1, # one\n\(inner)two\(pick(["", ","]))\n\(inner)]\n"
    case 9, 10:
      let nested = mapping(column + (isInList ? 2 : unit), unit, listUnit, depth - 1)
      return isInList && nested.hasPrefix(blanks(column + 2)) && !nested.hasPrefix(blanks(column + 2) + "#")
        ? " " + nested.dropFirst(column + 2) : comment() + nested
    case 11, 12: return comment() + list(column + (isInList ? 2 : listUnit), unit, listUnit, depth - 1)
    default:
      return " " + pick(["1.10", "''", "it's", "a#b", "'é'", "\"x y\"", "8080", "true", "http://x:80/", "~"])
        + comment()
    }
  }

  /// A line's end, now and then with a comment.
  private mutating func comment() -> String { pick(["\n", "\n", " # note\n", "    # a cömment: 'x'\n"]) }

  private mutating func note(_ column: Int) -> String { pick(["", "", "", "\n", blanks(column) + "# above\n"]) }

  private func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }

  // MARK: JSON

  private mutating func json() -> String {
    let isPretty = !one(in: 3)
    return jsonMapping(isPretty ? pick(["  ", "\t"]) : nil, "", 3, pick([": ", ":", " : "])) + "\n"
  }

  private mutating func jsonMapping(_ unit: String?, _ indent: String, _ depth: Int, _ colon: String) -> String {
    let parts = (0..<count(1...4)).map { "\"k\($0)\"" + colon + jsonValue(unit, indent, depth, colon) }
    return joined("{", parts, "}", unit, indent)
  }

  private mutating func jsonValue(_ unit: String?, _ indent: String, _ depth: Int, _ colon: String) -> String {
    let inner = indent + (unit ?? "")
    switch depth > 0 ? count(0...5) : 5 {
    case 0, 1: return jsonMapping(one(in: 4) ? nil : unit, inner, depth - 1, colon)
    case 2:
      let own = one(in: 2) ? nil : unit
      let parts = (0..<count(0...4)).map { _ in jsonValue(own, inner, depth - 1, colon) }
      return joined("[", parts, "]", own, inner)
    default: return pick(["1.10", "\"x\"", "\"\\u00e9\\n\"", "null", "true", "8080", "-1e5", "{}", "[ ]"])
    }
  }

  private func joined(
    _ opening: String, _ parts: [String], _ closing: String, _ unit: String?, _ indent: String
  ) -> String {
    guard let unit, !parts.isEmpty else { return opening + parts.joined(separator: ", ") + closing }
    let gap = "\n" + indent
    return opening + gap + unit + parts.joined(separator: "," + gap + unit) + gap + closing
  }

  // MARK: TOML

  private mutating func toml() -> String {
    var text = one(in: 3) ? "# head\n\n" : ""
    text += assignments("")
    for table in 0..<count(0...3) {
      text += pick(["\n", "\n# about it\n", ""])
      if one(in: 3) {
        for _ in 0..<count(1...2) { text += "[[list\(table)]]\n" + assignments("") }
      } else {
        text += "[t\(table)\(pick(["", ".sub"]))]" + pick(["\n", " # t\n"]) + assignments(pick(["", "  "]))
      }
    }
    return text
  }

  private mutating func assignments(_ indent: String) -> String {
    (0..<count(1...4)).map { number in
      let key = pick(["k\(number)", "k\(number)", "\"q \(number)\"", "d\(number).e.f"])
      let value = pick([
        "1", "1.10", "\"x\"", "'l\\'", "true", "0xff", "1979-05-27", "[1, 2]", "[\n  1, # one\n  [\"a\"],\n]",
        "{ a = 1, b = 'x' }", "{}", "\"\"\"\nm\nn\"\"\"", "'''m\n'''", "inf",
      ])
      return pick(["", "", "# above\n", "\n"]) + "\(indent)\(key) \(pick(["=", " ="])) \(value)"
        + pick(["\n", " # note\n", "    # n\n"])
    }.joined()
  }

  // MARK: Lines

  private mutating func env() -> String {
    (0..<count(1...6)).map { number in
      let value = pick(["=1", "=", "='a b'", "=\"x\\n\"", "=\"two\nlines\"", "=a#b", "", " = spaced out"])
      return pick(["", "# above\n", "\n"]) + pick(["", "export "]) + "K\(number)" + value + pick(["\n", "   # note\n"])
    }.joined()
  }

  private mutating func ini() -> String {
    (0..<count(1...3)).map { section in
      let sign = pick(["=", " = ", ": "])
      let lines = (0..<count(0...4)).map { number in
        pick(["", "; above\n", "# above\n", "\n"]) + "k\(number)" + pick(["\(sign)x y", "\(sign)\"q\"", sign, ""])
          + "\n"
      }
      return "[s \(section)]\n" + lines.joined()
    }.joined()
  }
}
