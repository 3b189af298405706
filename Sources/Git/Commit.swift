/// A commit, read whole.
public struct Commit: Hashable, Sendable {
  public var id: ObjectID
  public var tree: ObjectID
  public var parents: [ObjectID]
  public var author: Signature
  public var committer: Signature
  /// The message with what isn't UTF-8 replaced; ISO-8859-1 is converted when the commit says so.
  public var message: String
  /// Whether it carries a signature, whatever that is worth.
  public var isSigned = false

  public init(
    id: ObjectID, tree: ObjectID, parents: [ObjectID], author: Signature, committer: Signature, message: String
  ) {
    self.id = id
    self.tree = tree
    self.parents = parents
    self.author = author
    self.committer = committer
    self.message = message
  }

  /// The first paragraph on one line, as Git's `%s`.
  public var summary: String {
    let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in Self.trimmed(line) }
    return lines.drop(while: \.isEmpty).prefix(while: { !$0.isEmpty }).joined(separator: " ")
  }

  /// The trailers of the message's last paragraph, by the rules of `git interpret-trailers`.
  public var trailers: [Trailer] { Trailer.all(in: message) }

  private static func trimmed(_ line: Substring) -> Substring {
    var line = line
    while let last = line.last, last == " " || last == "\t" || last == "\r" { line.removeLast() }
    return line
  }
}
