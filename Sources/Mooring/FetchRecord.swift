public import MooringModel

/// When a repository was last asked, and what came of it: a note for `mooring status`, worth nothing after a while.
public struct FetchRecord: Sendable {
  public struct Outcome: Sendable, Hashable, Codable {
    public var at: Timestamp
    public var problem: String?

    public init(at: Timestamp, problem: String? = nil) {
      self.at = at
      self.problem = problem
    }
  }

  private let file: NoteFile<Outcome>

  public init(of repository: String, in state: StateDirectory) {
    file = NoteFile(path: "\(state.path)/fetches/\(repository).json")
  }

  /// `nil` where nothing was noted.
  public var last: Outcome? { file.last }

  func write(_ outcome: Outcome) { file.write(outcome) }
}
