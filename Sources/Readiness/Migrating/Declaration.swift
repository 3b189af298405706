/// `-- mooring: unused since COMMIT` above a statement, or `# mooring: …` above a key: from that commit on nothing needs what
/// is taken away there.
public struct Declaration: Hashable, Sendable {
  /// The line that it is on, from 1.
  public var line: Int
  /// What it names: a full id of a commit. A clone knows no numbers of releases.
  public var since: String

  /// The declarations of a text.
  public static func all(in text: [UInt8]) -> [Declaration] {
    text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated().compactMap { number, line in
      let line = line.drop { $0 == 0x20 || $0 == 0x09 }
      guard let mark = ["--", "#", "//"].first(where: { line.starts(with: $0.utf8) }), line.count < 200 else {
        return nil
      }
      let words = String(decoding: line.dropFirst(mark.utf8.count), as: UTF8.self).split(whereSeparator: \.isWhitespace)
      guard words.count == 4, words[0] == "mooring:", words[1] == "unused", words[2] == "since" else { return nil }
      return Declaration(line: number + 1, since: String(words[3]))
    }
  }

  /// How many lines below it what it speaks of may begin.
  static let reach = 3
}
