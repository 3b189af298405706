/// Another repository that is fetched from and pushed to: for now one on this machine, by path or `file://` URL.
///
/// Its functions block until they are done; whoever needs a deadline runs them in a process of their own.
public struct Remote: Hashable, Sendable {
  public let url: String
  /// The folder that the URL names.
  let path: String

  /// Throws `invalid` for what isn't an absolute or relative path or a `file://` URL of this machine.
  public init(url: String) throws(GitError) {
    self.url = url
    path = try Self.path(of: url)
  }

  private static func path(of url: String) throws(GitError) -> String {
    let operation = "reach the remote \(url.debugDescription)"
    guard !url.isEmpty, !url.hasPrefix("-"), !url.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
      throw GitError(.invalid, "a remote is a path or a file:// URL", operation: operation)
    }
    if url.lowercased().hasPrefix("file://") { return try path(ofFileURL: url.dropFirst(7), operation) }
    let beforeSlash = url.prefix(while: { $0 != "/" })
    guard !beforeSlash.contains(":") else {
      let reason = "its scheme is not supported; supported are local paths and file://"
      throw GitError(.invalid, reason, operation: operation)
    }
    return url
  }

  private static func path(ofFileURL rest: Substring, _ operation: String) throws(GitError) -> String {
    let host = rest.prefix(while: { $0 != "/" })
    guard host.isEmpty || host.lowercased() == "localhost" else {
      throw GitError(.invalid, "a file:// URL must not name a host: file:///path", operation: operation)
    }
    guard let path = decoded(rest.dropFirst(host.count)), path.hasPrefix("/"), !path.utf8.contains(0) else {
      throw GitError(.invalid, "the path of the URL is malformed", operation: operation)
    }
    return path
  }

  /// With `%41` read as `A` (RFC 3986, 2.1).
  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
        return nil
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  func open() throws(GitError) -> Repository {
    try Repository.open(remoteAt: path)
  }

  /// The remote's references, without HEAD, by name.
  public static func heads(of url: String) throws(GitError) -> [(name: String, id: ObjectID)] {
    try Remote(url: url).open().references(prefix: "refs/")
  }
}
