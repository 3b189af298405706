import Documents

extension FuzzTarget {
  /// Three versions of a file, parted by lines of `====`: what is merged can be read, and merging it again
  /// changes no field.
  static let merges: [FuzzTarget] = [
    merge(
      .yaml,
      [
        "a: 2\nb: [x, y]\n====\na: 2\nb: [x, y, z]\n====\na: 1 # c\nb: [x]\n",
        "kind: D\nmetadata: {name: x}\nv: 2\n====\nkind: D\nmetadata: {name: x}\nv: 2\nw: 1\n====\n---\nkind: E\nmetadata: {name: y}\n",
        "l:\n- name: a\n  v: &x 1\n- name: b\n  v: *x\n====\nl:\n- name: b\n  v: 1\n====\nl: []\n",
      ], ["---\n", "name: ", "&a ", "*a", "<<: ", "- ", "|\n  "]),
    merge(.json, ["{\"a\":[1,2]}\n====\n{\"a\":[1,2],\"b\":1}\n====\n{\"a\":[2]}\n"], ["{}", "[]", ",", "\"name\":"]),
    merge(.toml, ["a = 2\n[s]\nb = 1\n====\na = 2\n[s]\nb = 2\n====\na = 1\n[s]\nb = 1\n"], ["[[s]]\n", "{}", ".a"]),
    merge(.env, ["A=2\nB=1\n====\nA=2\nB=2 # c\n====\nA=1\nB=1\n"], ["export ", "='", "=\""]),
    merge(.ini, ["[s]\na = 2\nb = 1\n====\n[s]\na = 2\nb = 2\n====\n[s]\na = 1\nb = 1\n"], ["[s]\n", "; "]),
  ]

  private static func merge(_ format: DocumentFormat, _ seeds: [String], _ words: [String]) -> FuzzTarget {
    FuzzTarget(name: "merge-\(format.rawValue)", seeds: seeds, words: words + ["\n====\n"]) { bytes in
      let limits = Limits(bytes: 1_500, depth: 40, nodes: 1_000, aliasExpansion: 500)
      let parts = parts(of: bytes)
      guard parts.count == 3 else { return }
      func merged(_ ours: [UInt8]) -> [UInt8]? {
        let merge = FileMerge(base: parts[0], ours: ours, theirs: parts[2], format: format, limits: limits)
        guard case .merged(let bytes) = merge.outcome() else { return nil }
        return bytes
      }
      guard let once = merged(parts[1]) else { return }
      let read = try values(once, format, limits)
      for part in parts { _ = try values(part, format, limits) }
      hold(merged(parts[1]) == once, "the same versions give other bytes")
      // Where both sides changed a list side by side, what came of it is one change, and may conflict with either.
      guard let again = merged(once) else { return }
      try hold(values(again, format, limits) == read, "merging again changes a field")
    }
  }

  private static func values(
    _ bytes: [UInt8], _ format: DocumentFormat, _ limits: Limits
  ) throws -> [FieldValue] {
    try Document.parse(bytes, as: format, limits: limits).map { FieldValue($0.root) }.filter { $0 != .scalar(.null) }
  }

  private static func parts(of bytes: [UInt8]) -> [[UInt8]] {
    let marker = Array("====\n".utf8)
    var parts: [[UInt8]] = [[]]
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      if line.elementsEqual(marker.dropLast()) { parts.append([]) } else { parts[parts.count - 1] += line + [0x0A] }
    }
    return parts
  }
}
