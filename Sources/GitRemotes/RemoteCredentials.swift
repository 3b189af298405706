/// A secret that a remote asks for. It isn't encodable, and nothing that prints a value shows it.
public struct RemoteSecret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The longest that is read, in bytes.
  public static let maximumBytes = 16_384

  let text: String

  /// - Parameter place: Where it comes from, for errors.
  /// - Throws: `invalid` for an empty one, or one that isn't a line of printable characters.
  public init(_ text: String, from place: String) throws(RemoteError) {
    let line = text.last?.isNewline == true ? String(text.dropLast()) : text
    guard !line.isEmpty else { throw RemoteError(.invalid, "\(place) is empty", remedy: "put the token there") }
    guard line.utf8.count <= Self.maximumBytes, line.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
      throw RemoteError(.invalid, "\(place) doesn't hold a token: one line of printable characters is expected")
    }
    self.text = line
  }

  /// The text itself, to be handed on to a child's standard input, never shown.
  public func withText<Result>(_ body: (String) throws -> Result) rethrows -> Result { try body(text) }

  public var description: String { "…" }
  public var debugDescription: String { "…" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Where the token of a remote is kept.
public enum TokenPlace: Sendable, Hashable, Codable {
  /// A file, read again for each transfer.
  case file(String)
  /// A variable of the environment that Mooring was started with.
  case environment(String)

  /// - Throws: `invalid` with the place, never its content.
  public func read(environment: [String: String]) throws(RemoteError) -> RemoteSecret {
    switch self {
    case .file(let path):
      let bytes = try RemoteFile(path).read(upTo: RemoteSecret.maximumBytes, as: "the token")
      return try RemoteSecret(String(decoding: bytes, as: UTF8.self), from: "the token file \(path)")
    case .environment(let name):
      guard let value = environment[name] else {
        throw RemoteError(
          .invalid, "the environment variable \(name) is not set", remedy: "set it where Mooring is started")
      }
      return try RemoteSecret(value, from: "the environment variable \(name)")
    }
  }
}
