import FoundationEssentials
import Glibc

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
    let new = "\(path).new-\(getpid())-\(UInt32.random(in: .min ... .max))"
    guard let data = try? JSONEncoder().encode(content), (try? data.write(to: URL(filePath: new))) != nil else {
      return
    }
    rename(new, path)
  }
}
