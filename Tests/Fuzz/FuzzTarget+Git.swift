import Git

extension FuzzTarget {
  private static let id = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

  static let git: [FuzzTarget] = [
    FuzzTarget(
      name: "commit",
      seeds: [
        """
        tree \(id)
        parent \(id)
        author Ann <ann@example.com> 1700000000 +0100
        committer Bob <bob@example.com> 1700000000 -0930
        encoding ISO-8859-1
        gpgsig -----BEGIN SSH SIGNATURE-----
         abc
         -----END SSH SIGNATURE-----

        Change it

        Key: value
         folded
        """
      ], words: ["tree ", "parent ", "author ", "committer ", " <", "> ", "+9999", "-0", "9223372036854775807", "\n\n"]
    ) { bytes in
      bytes.withUnsafeBytes { bytes in
        guard let commit = Commit(id: .zero, decoding: bytes) else { return }
        _ = (commit.summary, commit.trailers)
        for signature in [commit.author, commit.committer] {
          hold(
            !Repository.encodeCommit(
              tree: commit.tree, parents: [], author: signature, committer: signature, message: ""
            ).isEmpty, "")
        }
      }
    },
    FuzzTarget(name: "tag", seeds: ["object \(id)\ntype commit\ntag v1\n\nx\n"], words: ["object ", "type "]) { bytes in
      _ = bytes.withUnsafeBytes { Tag.target(decoding: $0) }
    },
    FuzzTarget(
      name: "tree", seeds: ["100644 a\u{0}01234567890123456789", "40000 b\u{0}01234567890123456789"],
      words: ["100644 ", "40000 ", "120000 ", "160000 ", "\0"]
    ) { bytes in
      guard let entries = bytes.withUnsafeBytes({ TreeLines.entries(of: $0) }) else { return }
      hold(entries.allSatisfy { !$0.rawName.isEmpty && !$0.rawName.contains(0) }, "an entry without a sound name")
    },
    FuzzTarget(
      name: "refspec",
      seeds: ["+refs/heads/*:refs/remotes/origin/*\nrefs/heads/main", "refs/heads/a:refs/b\nrefs/heads/a"],
      words: ["refs/heads/", "*", ":", "+", "\n", "\u{301}", "e"]
    ) { bytes in
      let parts = String(decoding: bytes, as: UTF8.self).split(separator: "\n", maxSplits: 1)
      let refspec = try Refspec(parts.first.map { String($0) } ?? "")
      let name = parts.count > 1 ? String(parts[1]) : "refs/heads/main"
      guard let destination = refspec.destination(of: name) else { return }
      let back = refspec.source(of: destination)
      hold(
        back.map { $0.utf8.elementsEqual(name.utf8) } ?? false,
        "\(name) became \(destination), and \(back ?? "nothing")")
    },
    FuzzTarget(
      name: "mailmap", seeds: ["Ann <ann@a.com> <old@a.com>\nBob <b@a.com> Old <o@a.com>\n# x\n"],
      words: ["<", ">", "#"]
    ) { bytes in
      let map = Mailmap(String(decoding: bytes, as: UTF8.self))
      _ = map.resolve(Signature(name: "Old", email: "o@a.com", seconds: 0))
    },
    FuzzTarget(
      name: "remote-url", seeds: ["file:///srv/a.git", "/srv/a%20b.git", "file://localhost/a%41"],
      words: ["%", "file://"]
    ) { bytes in
      let url = String(decoding: bytes, as: UTF8.self)
      _ = try Remote(url: url)
      hold(!url.hasPrefix("-") && !bytes.contains(0), "an unsafe URL: \(url)")
    },
  ]
}
