public import MooringModel

/// Who works on an environment, as the watcher here saw it last: a note for `mooring status`, which asks nobody.
public struct ClaimNote: Sendable {
  public struct Content: Sendable, Hashable, Codable {
    /// The state directory that works on it.
    public var holder: String
    public var at: Timestamp
    /// Where the one that works on it doesn't know yet what the one before knew.
    public var behind: Behind?
  }

  public struct Behind: Sendable, Hashable, Codable {
    /// The last commit of the journal that isn't here.
    public var head: String
    /// Who wrote it, and when.
    public var owner: String
    public var at: Timestamp

    public var text: String {
      "the journal lacks what \(owner) had recorded by \(at) (\(head.prefix(8))): only explicit rollbacks are deployed"
    }
  }

  /// How old a note becomes that would say the same again.
  private static let age = Duration.seconds(10)

  private let file: NoteFile<Content>

  public init(of environment: EnvironmentName, in state: StateDirectory) {
    file = NoteFile(path: "\(state.path)/claims/\(environment).json")
  }

  /// `nil` where nothing was noted.
  public var last: Content? { file.last }

  func write(_ content: Content) {
    if let last, last.holder == content.holder, last.behind == content.behind, content.at >= last.at,
      content.at - last.at < Self.age
    {
      return
    }
    file.write(content)
  }
}
