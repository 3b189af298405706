import Documents

extension FuzzTarget {
  /// A file, edited at a place and in a way that its bytes choose: it may be refused, but what comes back has exactly
  /// that change, and the edit can be undone to the same tree.
  static let edits: [FuzzTarget] = [
    edit(
      .yaml,
      [
        "a: 1 # c\nb:\n- x\n- name: web\n  v: |\n    t\n", "a: {b: [x, y], c: 'q'}\n---\n- >-\n  f\n",
        "a: &x {b: 1}\nc: *x\nd: {<<: *x, e: \"2\"}\n",
      ],
      ["&a ", "*a", "<<: ", "---\n", "- ", "? ", "|+\n", ">-\n", "# c\n", "!!str ", "\r\n"]),
    edit(.json, ["{\n  \"a\": [1, 2],\n  \"b\": {}\n}\n", "[{\"a\":null,\"b\":\"x\"}]"], ["{}", "[]", ",", "\"\":"]),
    edit(
      .toml, ["a = 1 # c\n[s]\nx.y = 'l'\n[[t]]\nn = [1,\n 2]\n", "a = { b = \"x\" }\n"],
      ["[[", "]]", "\"\"\"", "'''", ".a", "{}", "# c\n", "\r\n"]),
    edit(.env, ["export A=1 # c\nB='x'\nC=\"a\\nb\"\nD\n"], ["export ", "=\"", "='", " #"]),
    edit(.properties, ["a=1\nb : \\u00e9\nc \\\n  d\n# x\n"], ["\\u", "\\\n", ":", "!", "\r"]),
    edit(.ini, ["top = 1\n[s]\na = b\nalone\n; x\n[s]\nz: 1\n"], ["[", "]", ";", "="]),
  ]

  private static let values: [FieldValue] = [
    .scalar(.string("x")), .scalar(.string("no")), .scalar(.string("two\nlines\n")), .scalar(.string(" #'\"\\: ")),
    .scalar(.string("")), .scalar(.integer("8080")), .scalar(.null), .scalar(.bool(true)), .sequence([]),
    .sequence([.scalar(.string("l")), .sequence([.scalar(.float("1.10"))])]),
    .mapping([.init(key: "k", value: .scalar(.string("a"))), .init(key: "true", value: .mapping([]))]),
  ]

  private static func edit(_ format: DocumentFormat, _ seeds: [String], _ words: [String]) -> FuzzTarget {
    FuzzTarget(name: "edit-\(format.rawValue)", seeds: seeds, words: words) { bytes in
      let limits = Limits(bytes: 1_500, depth: 40, nodes: 1_000, aliasExpansion: 500)
      let documents = try Document.parse(bytes, as: format, limits: limits)
      var choice = SeededRandom(
        seed: bytes.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 })
      guard let number = documents.indices.randomElement(using: &choice) else { return }
      let document = documents[number]
      for _ in 0..<4 {
        let path = path(from: document.root, &choice)
        let value = values.randomElement(using: &choice) ?? .sequence([])
        if let old = document[path].map({ FieldValue($0) }) {
          let edit = FieldEdit(document: number, path: path, .set(value))
          guard let edited = try? Document.edit(bytes, as: format, [edit], limits: limits) else { continue }
          let read = try Document.parse(edited, as: format, limits: limits)
          hold(read.count == documents.count, "an edit changed the number of documents")
          hold(read[number][path].map { FieldValue($0) } == value, "\(path) isn't \(value) after the edit")
          undo(FieldEdit(document: number, path: path, .set(old)), in: edited, of: documents, format, limits)
          _ = try? Document.edit(bytes, as: format, [FieldEdit(document: number, path: path, .remove)], limits: limits)
        }
        let new = path.appending(key: "new key")
        let addition = FieldEdit(document: number, path: new, .add(value))
        guard let edited = try? Document.edit(bytes, as: format, [addition], limits: limits) else { continue }
        let read = try Document.parse(edited, as: format, limits: limits)
        hold(read[number][new].map { FieldValue($0) } == value, "\(new) isn't \(value) after it was added")
        guard document[path]?.kind == .mapping else { continue }
        undo(FieldEdit(document: number, path: new, .remove), in: edited, of: documents, format, limits)
      }
    }
  }

  /// An edit may not be possible to undo, but if it is, the trees are the old ones.
  private static func undo(
    _ edit: FieldEdit, in bytes: [UInt8], of documents: [Document], _ format: DocumentFormat, _ limits: Limits
  ) {
    guard let back = try? Document.edit(bytes, as: format, [edit], limits: limits),
      let read = try? Document.parse(back, as: format, limits: limits)
    else { return }
    hold(
      read.map { FieldValue($0.root) } == documents.map { FieldValue($0.root) },
      "an edit and its undoing leave another tree")
  }

  private static func path(from root: Node, _ choice: inout SeededRandom) -> FieldPath {
    var path = FieldPath.root
    var node = root
    while Int.random(in: 0..<5, using: &choice) > 0 {
      if let entry = node.entries.randomElement(using: &choice) {
        path = path.appending(key: entry.key)
        node = entry.value
      } else if let index = node.elements.indices.randomElement(using: &choice) {
        path = path.appending(.index(index))
        node = node.elements[index]
      } else {
        break
      }
    }
    return path
  }
}
