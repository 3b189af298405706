import FoundationEssentials
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

  private let path: String

  public init(of repository: String, in state: StateDirectory) {
    path = "\(state.path)/fetches/\(repository).json"
  }

  /// `nil` where nothing was noted, or not in a form that this version reads.
  public var last: Outcome? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    return try? JSONDecoder().decode(Outcome.self, from: data)
  }

  /// A note that can't be written is no reason to stop.
  func write(_ outcome: Outcome) {
    guard let data = try? JSONEncoder().encode(outcome) else { return }
    try? data.write(to: URL(filePath: path), options: .atomic)
  }
}
