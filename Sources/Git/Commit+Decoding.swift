extension Commit {
  /// Reads a commit object (format: gitformat-commit, as `git cat-file commit` shows it); nil when it is malformed.
  package init?(id: ObjectID, decoding bytes: UnsafeRawBufferPointer) {
    guard var header = CommitLines(bytes), let tree = header.id(after: "tree ") else { return nil }
    var parents: [ObjectID] = []
    while let parent = header.id(after: "parent ") { parents.append(parent) }
    guard let author = header.line(after: "author "), let committer = header.line(after: "committer ") else {
      return nil
    }
    var isLatin = false
    var isSigned = false
    while let line = header.next() {
      if line.isEmpty { break }
      isSigned = isSigned || line.starts(with: Self.signatureKey)
      isLatin = isLatin || Self.namesLatin(line)
    }
    let text = isLatin ? Self.latin : { String(decoding: $0, as: UTF8.self) }
    self.init(
      id: id, tree: tree, parents: parents, author: Signature(line: author, decoding: text),
      committer: Signature(line: committer, decoding: text), message: text(header.rest))
    self.isSigned = isSigned
  }

  private static let signatureKey = Array("gpgsig ".utf8)

  private static func namesLatin(_ line: UnsafeRawBufferPointer) -> Bool {
    let names = ["encoding iso-8859-1", "encoding iso8859-1", "encoding latin1", "encoding latin-1"]
    return line.count < 24 && names.contains(String(decoding: line, as: UTF8.self).lowercased())
  }

  /// ISO-8859-1's bytes are Unicode's first 256 scalars.
  private static func latin(_ bytes: UnsafeRawBufferPointer) -> String {
    var scalars = String.UnicodeScalarView()
    for byte in bytes { scalars.append(Unicode.Scalar(byte)) }
    return String(scalars)
  }

  /// The tree and the first parent alone, from their fixed places: what a walk over history needs of each commit.
  static func link(decoding bytes: UnsafeRawBufferPointer) -> (tree: ObjectID, firstParent: ObjectID?)? {
    guard var header = CommitLines(bytes), let tree = header.id(after: "tree ") else { return nil }
    return (tree, header.id(after: "parent "))
  }

  /// Every parent, without the rest.
  static func links(decoding bytes: UnsafeRawBufferPointer) -> (tree: ObjectID, parents: [ObjectID])? {
    guard var header = CommitLines(bytes), let tree = header.id(after: "tree ") else { return nil }
    var parents: [ObjectID] = []
    while let parent = header.id(after: "parent ") { parents.append(parent) }
    return (tree, parents)
  }
}

/// The lines of a commit's header, one after the other.
private struct CommitLines {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init?(_ bytes: UnsafeRawBufferPointer) {
    guard !bytes.isEmpty else { return nil }
    self.bytes = bytes
  }

  var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[position...]) }

  /// The id on the next line, when that line is `prefix` and an id; otherwise stays where it is.
  mutating func id(after prefix: StaticString) -> ObjectID? {
    let start = position + prefix.utf8CodeUnitCount
    guard starts(with: prefix), bytes.count > start + 40, bytes[start + 40] == UInt8(ascii: "\n"),
      let id = ObjectID(hexDigits: UnsafeRawBufferPointer(rebasing: bytes[start..<(start + 40)]))
    else { return nil }
    position = start + 41
    return id
  }

  mutating func line(after prefix: StaticString) -> UnsafeRawBufferPointer? {
    guard starts(with: prefix), let line = next() else { return nil }
    return UnsafeRawBufferPointer(rebasing: line[prefix.utf8CodeUnitCount...])
  }

  mutating func next() -> UnsafeRawBufferPointer? {
    guard position < bytes.count else { return nil }
    let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    let line = UnsafeRawBufferPointer(rebasing: bytes[position..<end])
    position = min(end + 1, bytes.count)
    return line
  }

  private func starts(with prefix: StaticString) -> Bool {
    let count = prefix.utf8CodeUnitCount
    guard bytes.count - position >= count else { return false }
    for index in 0..<count where bytes[position + index] != prefix.utf8Start[index] { return false }
    return true
  }
}
