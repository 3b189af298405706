internal import CLibgit2

/// One `Key: value` line of the last paragraph of a commit's message.
public struct Trailer: Hashable, Sendable {
  public var key: String
  public var value: String

  public init(key: String, value: String) {
    self.key = key
    self.value = value
  }

  /// The trailers of a message, in order, by the rules of `git interpret-trailers`; folded lines are joined by a space.
  static func all(in message: String) -> [Trailer] {
    // Without the library there are no commits either: whoever has one has seen the failure.
    guard (try? GitLibrary.start()) != nil else { return [] }
    var found = git_message_trailer_array()
    guard git_message_trailers(&found, message) == 0 else { return [] }
    defer { git_message_trailer_array_free(&found) }
    return (0..<found.count).compactMap { index in
      guard let key = found.trailers[index].key, let value = found.trailers[index].value else { return nil }
      return Trailer(key: String(cString: key), value: unfolded(String(cString: value)))
    }
  }

  private static func unfolded(_ value: String) -> String {
    guard value.utf8.contains(UInt8(ascii: "\n")) else { return value }
    return value.split(whereSeparator: \.isNewline)
      .map { line in String(line.drop(while: { $0 == " " || $0 == "\t" })) }
      .joined(separator: " ")
  }
}
