/// The way to one service of one remote repository, for one conversation.
///
/// Over SSH it is one connection whose answers follow one another; over HTTP each request is one of its own. A
/// conversation is written for both: it reads each answer to its own end before it asks again.
public protocol SmartChannel: Sendable {
  /// Whether each request stands alone, so that it must repeat what was said before (gitprotocol-http, "stateless").
  var isStateless: Bool { get }

  /// What the service says first: its capabilities, and its references unless version 2 was agreed on.
  ///
  /// Without the `# service=` line that HTTP puts in front. Called once, before `request`.
  func greeting() async throws(RemoteError) -> any ByteSource

  /// Sends a request whose body is the given parts in order, and returns the answer as it arrives.
  ///
  /// - Parameter body: Called for the next part, until it returns nil; a part is never empty.
  func request(
    _ body: @escaping @Sendable () async throws(RemoteError) -> [UInt8]?
  ) async throws(RemoteError) -> any ByteSource

  /// Ends the conversation, and whatever it left open.
  func close() async
}

/// Bytes as they arrive from a remote.
public protocol ByteSource: AnyObject, Sendable {
  /// The next bytes, at least one; nil at the end of the answer or the connection.
  func next() async throws(RemoteError) -> [UInt8]?
}

/// A service of a remote repository.
public enum SmartService: String, Sendable {
  case uploadPack = "git-upload-pack"
  case receivePack = "git-receive-pack"
}
