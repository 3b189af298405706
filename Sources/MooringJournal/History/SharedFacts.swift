import MooringModel

/// Texts and commits that changes speak of, each written once, in front of what speaks of them.
struct SharedFacts {
  private(set) var texts: [String] = []
  private(set) var commits: [HistoricCommit] = []

  /// Gathers them while the rest is written.
  struct Gathering {
    private var facts = SharedFacts()
    /// By bytes: two spellings that look the same are two texts.
    private var places: [[UInt8]: Int] = [:]
    private var commitPlaces: [Revision: Int] = [:]
    private var written = CompactWriter()

    mutating func place(of text: String) -> Int {
      let key = Array(text.utf8)
      if let known = places[key] { return known }
      places[key] = facts.texts.count
      facts.texts.append(text)
      return facts.texts.count - 1
    }

    /// 0 where there is none.
    mutating func place(of text: String?) -> Int { text.map { place(of: $0) + 1 } ?? 0 }

    mutating func place(of commit: HistoricCommit) -> Int {
      if let known = commitPlaces[commit.revision] { return known }
      commitPlaces[commit.revision] = facts.commits.count
      facts.commits.append(commit)
      write(commit)
      return facts.commits.count - 1
    }

    private mutating func write(_ commit: HistoricCommit) {
      written.write(commit.revision)
      for person in [commit.author, commit.committer] {
        written.write(place(of: person.name))
        written.write(place(of: person.email))
      }
      written.write(Int(commit.authored.milliseconds))
      written.write(Int(commit.committed.milliseconds))
      written.write(place(of: commit.summary))
      written.write(place(of: commit.pullRequest))
      written.write((commit.isMerge ? 1 : 0) | (commit.isSigned ? 2 : 0))
      written.write(commit.trailers.count)
      for trailer in commit.trailers {
        written.write(place(of: trailer.key))
        written.write(place(of: trailer.value))
      }
    }

    /// The facts, with what speaks of them.
    func bytes(before rest: CompactWriter) -> [UInt8] {
      var all = CompactWriter()
      all.write(facts.texts.count)
      for text in facts.texts { all.write(text) }
      all.write(facts.commits.count)
      all.write(written.bytes)
      all.write(rest.bytes)
      return all.bytes
    }
  }

  private init() {}

  init(_ reader: inout CompactReader) throws(CompactReader.Damaged) {
    let count = try reader.count()
    texts.reserveCapacity(count)
    for _ in 0..<count { texts.append(try reader.text()) }
    let commitCount = try reader.count()
    commits.reserveCapacity(commitCount)
    for _ in 0..<commitCount { commits.append(try Self.commit(&reader, texts)) }
  }

  private static func commit(
    _ reader: inout CompactReader, _ texts: [String]
  ) throws(CompactReader.Damaged) -> HistoricCommit {
    let revision = try reader.id()
    let author = try HistoricCommit.Person(name: text(&reader, texts), email: text(&reader, texts))
    let committer = try HistoricCommit.Person(name: text(&reader, texts), email: text(&reader, texts))
    let authored = Timestamp(milliseconds: Int64(try reader.number()))
    let committed = Timestamp(milliseconds: Int64(try reader.number()))
    let summary = try text(&reader, texts)
    let pull = try optionalText(&reader, texts)
    let flags = try reader.number()
    var trailers: [HistoricCommit.Trailer] = []
    for _ in 0..<(try reader.count()) {
      trailers.append(HistoricCommit.Trailer(key: try text(&reader, texts), value: try text(&reader, texts)))
    }
    return HistoricCommit(
      revision: revision, author: author, authored: authored, committer: committer, committed: committed,
      summary: summary, trailers: trailers, pullRequest: pull, isMerge: flags & 1 != 0, isSigned: flags & 2 != 0)
  }

  // MARK: What speaks of them

  func text(_ reader: inout CompactReader) throws(CompactReader.Damaged) -> String { try Self.text(&reader, texts) }

  func optionalText(_ reader: inout CompactReader) throws(CompactReader.Damaged) -> String? {
    try Self.optionalText(&reader, texts)
  }

  func commit(_ reader: inout CompactReader) throws(CompactReader.Damaged) -> HistoricCommit {
    let place = try reader.number()
    guard commits.indices.contains(place) else { throw CompactReader.Damaged() }
    return commits[place]
  }

  private static func text(
    _ reader: inout CompactReader, _ texts: [String]
  ) throws(CompactReader.Damaged) -> String {
    let place = try reader.number()
    guard texts.indices.contains(place) else { throw CompactReader.Damaged() }
    return texts[place]
  }

  private static func optionalText(
    _ reader: inout CompactReader, _ texts: [String]
  ) throws(CompactReader.Damaged) -> String? {
    let place = try reader.number()
    guard place != 0 else { return nil }
    guard texts.indices.contains(place - 1) else { throw CompactReader.Damaged() }
    return texts[place - 1]
  }
}
