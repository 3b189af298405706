import FoundationEssentials

/// Keeps a note for whoever asks later, worth nothing after a while: a JSON file in the state directory.
struct NoteFile<Content: Codable>: Sendable {
  let path: String

  /// `nil` where nothing was noted, or not in a form that this version reads.
  var last: Content? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    return try? JSONDecoder().decode(Content.self, from: data)
  }

  /// Not forced to disk; and a note that can't be written is no reason to stop.
  func write(_ content: Content) {
    guard let data = try? JSONEncoder().encode(content) else { return }
    try? DurableFolder.replace(path, with: Array(data), isForced: false)
  }
}
