public import MooringModel

/// Why changes of production aren't seen as they happen, as the watcher here knows it: a note for `mooring status`.
public struct SightNote: Sendable {
  public struct Content: Sendable, Hashable, Codable {
    public var since: Timestamp
    public var reason: String
  }

  private struct Noted: Codable {
    var unseen: Content?
  }

  private let file: NoteFile<Noted>

  public init(of environment: EnvironmentName, in state: StateDirectory) {
    file = NoteFile(path: "\(state.path)/sights/\(environment).json")
  }

  /// `nil` where all is seen, or nobody watches.
  public var last: Content? { file.last?.unseen }

  func write(_ content: Content?) {
    // Where all was seen before there is nothing to take back.
    if content != nil || last != nil { file.write(Noted(unseen: content)) }
  }
}
