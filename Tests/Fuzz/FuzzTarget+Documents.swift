import Documents

extension FuzzTarget {
  static let documents: [FuzzTarget] = [
    document(
      .yaml,
      [
        "a: 1\nb: [x, y]\nc: {d: ~}\n", "a: &x {b: 1}\nc: *x\nd: {<<: *x, e: 2}\n",
        "- |\n  text\n- >-\n  more\n- 'it''s'\n",
        "%TAG !e! tag:e,2000:\n---\n!e!x a\n...\n---\n\"\\u00e9\\n\": !!float 1\n",
        "kind: ConfigMap\nmetadata: {name: a}\n",
      ],
      ["&a ", "*a", "<<: ", "---\n", "...\n", "!!int ", "!!float ", "? ", "- ", "%TAG ! ", "\u{85}", "\u{2028}", "\t"]),
    document(
      .json, ["{\"a\": [1, -2.5e3, true, null, \"\\ud83d\\ude00\"]}", "[]", "{\"a\": {}}"],
      ["\\u", "\\ud800", "e+", "null", "true", "\"\":"]),
    document(
      .toml,
      [
        "a = 1\n[b.c]\nd = \"x\"\n[[e]]\nf = 1979-05-27T07:32:00Z\n", "a.b = { c = [1, 2,], d = '''x''' }\n",
        "x = 0xdead_beef\ny = -inf\nz = \"\"\"\\\n  a\"\"\"\n",
      ], ["[[", "]]", "\"\"\"", "'''", "inf", "nan", "0x", "0b", "_", "1979-05-27", "\\U0010FFFF"]),
    document(.env, ["export A=1\nB='x'\nC=\"a\\nb\" # c\nD\n"], ["export ", "=\"", "='", " #"]),
    document(.properties, ["a=1\nb : \\u00e9\nc \\\n  d\n# x\n! y\n"], ["\\u", "\\\n", ":", "!"]),
    document(.ini, ["top = 1\n[s]\na = b\nc: d\nalone\n; x\n[s]\n"], ["[", "]", ";", "="]),
    FuzzTarget(
      name: "detect", seeds: ["[a]\nb = c\n", "\u{FEFF}a: 1\n", "kind: Secret\n"], words: ["[", "]", "=", "\0"]
    ) { bytes in
      for path in ["a.conf", "b.yaml", ".env", "x/"] { _ = DocumentFormat.detect(path: path, bytes: bytes) }
    },
  ]

  /// Reads the same twice, finds no difference from itself, and writes each value so that it reads back equal.
  private static func document(_ format: DocumentFormat, _ seeds: [String], _ words: [String]) -> FuzzTarget {
    FuzzTarget(name: format.rawValue, seeds: seeds, words: words) { bytes in
      let limits = Limits(nodes: 20_000, aliasExpansion: 5_000)
      for document in try Document.parse(bytes, as: format, limits: limits) {
        hold(differences(from: document, to: document).isEmpty, "a document differs from itself")
        let value = FieldValue(document.root)
        let again = try Document.parse(Array(value.exact.utf8), as: .yaml, limits: Limits(depth: 200)).first
        hold(again.map { FieldValue($0.root) } == value, "a value doesn't read back: \(value.exact.debugDescription)")
      }
    }
  }
}
