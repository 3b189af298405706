/// Takes a commit object apart into its signature and what it signs, stricter than Git: what two programs could read in
/// two ways is refused.
package struct CommitSignatureParser {
  /// Why a commit's signature can't be read, in one clause.
  package struct Refusal: Error { package var reason: String }

  private static let lineFeed = UInt8(ascii: "\n")
  private static let space = UInt8(ascii: " ")

  private var payload: [UInt8] = []
  private var armor: [UInt8]?
  private var isInSignature = false
  private var header = HeaderOrder()

  /// - Returns: nil where the commit isn't signed.
  package static func parse(_ commit: UnsafeRawBufferPointer) throws(Refusal) -> CommitSignature? {
    guard commit.count <= CommitSignature.largestCommit else {
      throw Refusal(reason: "the commit has \(commit.count) bytes, over the limit of \(CommitSignature.largestCommit)")
    }
    var parser = CommitSignatureParser()
    var position = 0
    while true {
      guard let end = commit[position...].firstIndex(of: lineFeed) else {
        throw Refusal(reason: "the commit's header has no end")
      }
      if end == position { break }
      try parser.take(UnsafeRawBufferPointer(rebasing: commit[position..<end]))
      position = end + 1
    }
    parser.payload += commit[position...]
    return try parser.signature()
  }

  private mutating func take(_ line: UnsafeRawBufferPointer) throws(Refusal) {
    if line.contains(0) { throw Refusal(reason: "the commit's header contains NUL") }
    if line.first == Self.space {
      if isInSignature { return try continueSignature(with: line.dropFirst()) }
    } else {
      let key = line.prefix { $0 != Self.space }
      isInSignature = false
      try header.take(key)
      if key.elementsEqual("gpgsig".utf8) { return try beginSignature(with: line.dropFirst(key.count + 1)) }
      // It would sign the commit's SHA-256 form, which nobody here has.
      if key.elementsEqual("gpgsig-sha256".utf8) {
        throw Refusal(reason: "the commit is signed in its SHA-256 form, which can't be verified here")
      }
    }
    payload += line
    payload.append(Self.lineFeed)
  }

  private mutating func beginSignature(with line: Slice<UnsafeRawBufferPointer>) throws(Refusal) {
    guard armor == nil else { throw Refusal(reason: "the commit has more than one signature") }
    isInSignature = true
    armor = []
    try continueSignature(with: line)
  }

  private mutating func continueSignature(with line: Slice<UnsafeRawBufferPointer>) throws(Refusal) {
    guard let count = armor?.count, count + line.count < CommitSignature.largest else {
      throw Refusal(reason: "the signature has more than \(CommitSignature.largest) bytes")
    }
    armor?.append(contentsOf: line)
    armor?.append(Self.lineFeed)
  }

  private func signature() throws(Refusal) -> CommitSignature? {
    try header.finish()
    guard let armor else { return nil }
    return CommitSignature(kind: try SignatureArmor.kind(of: armor), armor: armor, payload: payload)
  }
}

/// The order that Git writes a commit's header in. A signature before the committer, or a second tree, would mean one
/// thing to whoever verifies and another to whoever deploys.
private struct HeaderOrder {
  private enum Place: Int { case start, tree, parent, author, committer, rest }
  private var place = Place.start

  mutating func take(_ key: Slice<UnsafeRawBufferPointer>) throws(CommitSignatureParser.Refusal) {
    let next: Place =
      switch String(decoding: key, as: UTF8.self) {
      case "tree": .tree
      case "parent": .parent
      case "author": .author
      case "committer": .committer
      default: .rest
      }
    let isInOrder =
      switch (place, next) {
      case (.start, .tree), (.tree, .parent), (.parent, .parent), (.tree, .author), (.parent, .author),
        (.author, .committer), (.committer, .rest), (.rest, .rest):
        true
      default: false
      }
    guard isInOrder else {
      throw CommitSignatureParser.Refusal(reason: "the commit's header is not in the order that Git writes")
    }
    place = next
  }

  func finish() throws(CommitSignatureParser.Refusal) {
    guard place == .committer || place == .rest else {
      throw CommitSignatureParser.Refusal(reason: "the commit's header has no committer")
    }
  }
}
