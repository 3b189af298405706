extension Repository {
  /// A commit object's bytes, as `git commit-tree` writes them; NULs in the message, which Git refuses, are left out.
  public static func encodeCommit(
    tree: ObjectID, parents: [ObjectID], author: Signature, committer: Signature, message: String
  ) -> [UInt8] {
    var header = "tree \(tree)\n"
    for parent in parents { header += "parent \(parent)\n" }
    header += "author \(author.line)\ncommitter \(committer.line)\n\n"
    return Array(header.utf8) + message.utf8.filter { $0 != 0 }
  }

  /// A commit object's bytes with a signature of them in its header, as `git commit -S` writes it.
  ///
  /// - Parameter armor: Lines, the last one without a line feed.
  public static func encodeCommit(_ commit: [UInt8], signature armor: [UInt8]) -> [UInt8] {
    let lineFeed = UInt8(ascii: "\n")
    var end = commit.count
    for place in commit.indices.dropLast() where commit[place] == lineFeed && commit[place + 1] == lineFeed {
      end = place + 1
      break
    }
    let lines = armor.split(separator: lineFeed, omittingEmptySubsequences: false).joined(separator: [
      lineFeed, UInt8(ascii: " "),
    ])
    return commit[..<end] + Array("gpgsig ".utf8) + lines + [lineFeed] + commit[end...]
  }

  /// A tree object's bytes, its entries in Git's order. Names are taken as they are: `writeTree` and `write` check them.
  public static func encodeTree(_ entries: [TreeEntry]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entries.count * 40)
    for entry in entries.sorted(by: TreeEntry.precedes) {
      bytes += String(entry.mode.rawValue, radix: 8).utf8
      bytes.append(UInt8(ascii: " "))
      bytes += entry.rawName
      bytes.append(0)
      bytes += entry.id.bytes
    }
    return bytes
  }

  /// Why these bytes are not an object that we would write, or nil when they are fine.
  static func objection(to object: RawObject) -> String? {
    switch object.kind {
    case .blob: nil
    case .tag: object.bytes.withUnsafeBytes { Tag.target(decoding: $0) == nil } ? "the tag is malformed" : nil
    case .commit:
      object.bytes.withUnsafeBytes { Commit(id: .zero, decoding: $0) == nil } ? "the commit is malformed" : nil
    case .tree:
      object.bytes.withUnsafeBytes { TreeLines.entries(of: $0) }.map(objection(toEntries:)) ?? "the tree is malformed"
    }
  }

  /// Why entries in this order are no tree that we would write.
  static func objection(toEntries entries: [TreeEntry]) -> String? {
    var names: Set<[UInt8]> = []
    for entry in entries {
      if let reason = TreePath.objection(toName: entry.rawName) { return "the name \(entry.name) \(reason)" }
      guard names.insert(entry.rawName).inserted else { return "the name \(entry.name) is there twice" }
    }
    for (entry, next) in zip(entries, entries.dropFirst()) where !TreeEntry.precedes(entry, next) {
      return "the name \(next.name) is out of order"
    }
    return nil
  }
}
