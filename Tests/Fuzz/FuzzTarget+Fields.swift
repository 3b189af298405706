import Documents

extension FuzzTarget {
  static let fields: [FuzzTarget] = [
    FuzzTarget(
      name: "field-path",
      seeds: ["spec.containers[name=web].image", "a[3][\"b.c\"]", "[containerPort,protocol=\"53,UDP\"]"],
      words: ["[", "]", "=", "\"", "\\u00e9", "."]
    ) { bytes in
      let path = try FieldPath(parsing: String(decoding: bytes, as: UTF8.self))
      hold((try? FieldPath(parsing: path.description)) == path, "a path doesn't read back: \(path)")
    },
    FuzzTarget(
      name: "differences",
      seeds: [
        "a: 1\nb: [1, 2]\n\0a: 2\nb: [2, 3]\nc: x\n", "- {name: a, v: 1}\n- {name: b}\n\0- {name: b}\n- {name: a}\n",
      ],
      words: ["name: ", "\0", "- ", "---\n", "kind: A\nmetadata: {name: b}\n", "*a", "&a "]
    ) { bytes in
      let sides = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false).map { Array($0) }
      let limits = Limits(nodes: 5_000, aliasExpansion: 1_000)
      for path in ["a.yaml", "a.txt", "a.json"] {
        let difference = differences(from: sides[0], to: sides.last, path: path, limits: limits)
        _ = difference.fields.map(\.description)
      }
    },
    FuzzTarget(
      name: "duration", seeds: ["30s", "1h30m", "250ms", "7d", "0"], words: ["9223372036854775807", "ms", "d", "h"]
    ) { bytes in
      guard let duration = DurationSyntax.duration(String(decoding: bytes, as: UTF8.self)) else { return }
      hold(duration >= .zero, "a negative duration")
    },
  ]
}
