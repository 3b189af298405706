import MooringModel

/// Changes of a file or a resource that follow each other, as bytes that are read at once: to read them as rows, and to look
/// each of their commits up, takes ten times as long as to tell them.
enum ChangeRun {
  /// Changes of one run: what is written anew when a change joins it.
  static let most = 512

  private struct Flags: OptionSet {
    var rawValue: UInt8

    static let added = Self(rawValue: 1)
    static let removed = Self(rawValue: 2)
    static let secret = Self(rawValue: 4)
    static let document = Self(rawValue: 8)
    static let old = Self(rawValue: 16)
    static let new = Self(rawValue: 32)
    static let writer = Self(rawValue: 64)
  }

  // MARK: Writing

  static func bytes(of changes: some Collection<CommittedChange>) -> [UInt8] {
    var facts = SharedFacts.Gathering()
    var rest = CompactWriter()
    rest.write(changes.count)
    for each in changes { write(each, &facts, &rest) }
    return facts.bytes(before: rest)
  }

  private static func write(_ each: CommittedChange, _ facts: inout SharedFacts.Gathering, _ rest: inout CompactWriter)
  {
    let change = each.change
    rest.write(change.position)
    rest.write(facts.place(of: each.commit))
    rest.write(facts.place(of: change.file))
    rest.write(facts.place(of: change.movedFrom))
    rest.write(facts.place(of: change.problem))
    rest.write(change.isRemoval ? 1 : 0)
    rest.write(change.values.count)
    for value in change.values {
      let writer = value.writer.flatMap { revision in each.writers.first { $0.revision == revision } }
      rest.write(byte: flags(of: value, writer).rawValue)
      if let document = value.document { rest.write(facts.place(of: document)) }
      rest.write(facts.place(of: value.field))
      if let old = value.old { rest.write(facts.place(of: old)) }
      if let new = value.new { rest.write(facts.place(of: new)) }
      if let writer { rest.write(facts.place(of: writer)) }
    }
  }

  private static func flags(of value: HistoricValue, _ writer: HistoricCommit?) -> Flags {
    var flags: Flags = value.kind == .added ? .added : value.kind == .removed ? .removed : []
    if value.isSecret { flags.insert(.secret) }
    if value.document != nil { flags.insert(.document) }
    if value.old != nil { flags.insert(.old) }
    if value.new != nil { flags.insert(.new) }
    if writer != nil { flags.insert(.writer) }
    return flags
  }

  // MARK: Reading

  /// Adds the changes of a run to others.
  ///
  /// - Parameter asked: A field: then only what concerns it, and what can't be read.
  static func read(
    _ bytes: UnsafeRawBufferPointer, concerning asked: String?, into changes: inout [CommittedChange]
  ) throws(CompactReader.Damaged) {
    var reader = CompactReader(bytes)
    let facts = try SharedFacts(&reader)
    var filter = asked.map { Filter($0, texts: facts.texts.count) }
    let count = try reader.count()
    for _ in 0..<count {
      let each = try change(&reader, facts, &filter)
      if filter == nil || !each.change.values.isEmpty || each.change.problem != nil { changes.append(each) }
    }
    guard reader.isAtEnd else { throw CompactReader.Damaged() }
  }

  private static func change(
    _ reader: inout CompactReader, _ facts: SharedFacts, _ filter: inout Filter?
  ) throws(CompactReader.Damaged) -> CommittedChange {
    let position = try reader.number()
    let commit = try facts.commit(&reader)
    var change = HistoricChange(
      position: position, file: try facts.text(&reader), movedFrom: try facts.optionalText(&reader),
      problem: try facts.optionalText(&reader), isRemoval: try reader.number() != 0)
    let count = try reader.count()
    if filter == nil { change.values.reserveCapacity(count) }
    var writers: [HistoricCommit] = []
    for _ in 0..<count {
      guard let (value, writer) = try value(&reader, facts, &filter) else { continue }
      change.values.append(value)
      if let writer, !writers.contains(where: { $0.revision == writer.revision }) { writers.append(writer) }
    }
    return CommittedChange(change, by: commit, writers: writers)
  }

  /// `nil` of one that nobody asked for.
  private static func value(
    _ reader: inout CompactReader, _ facts: SharedFacts, _ filter: inout Filter?
  ) throws(CompactReader.Damaged) -> (HistoricValue, HistoricCommit?)? {
    let flags = Flags(rawValue: try reader.byte())
    let document = flags.contains(.document) ? try reader.number() : nil
    let field = try reader.number()
    let old = flags.contains(.old) ? try reader.number() : nil
    let new = flags.contains(.new) ? try reader.number() : nil
    let writer = flags.contains(.writer) ? try facts.commit(&reader) : nil
    let kind: HistoricValue.Kind = flags.contains(.added) ? .added : flags.contains(.removed) ? .removed : .changed
    let texts = facts.texts
    for place in [document, field, old, new] {
      if let place, !texts.indices.contains(place) { throw CompactReader.Damaged() }
    }
    guard filter?.admits(field, texts[field], kind) ?? true else { return nil }
    let value = HistoricValue(
      document: document.map { texts[$0] }, field: texts[field], old: old.map { texts[$0] }, new: new.map { texts[$0] },
      kind: kind, isSecret: flags.contains(.secret), writer: writer?.revision)
    return (value, writer)
  }

  /// Which values concern a field: of each text it is found out once.
  private struct Filter {
    private let asked: String
    private var known: [Bool?]

    init(_ asked: String, texts: Int) {
      self.asked = asked
      known = Array(repeating: nil, count: 2 * texts)
    }

    mutating func admits(_ place: Int, _ field: String, _ kind: HistoricValue.Kind) -> Bool {
      let place = 2 * place + (kind == .changed ? 1 : 0)
      if let known = known[place] { return known }
      let found = HistoricValue(field: field, old: nil, new: nil, kind: kind).concerns(asked)
      known[place] = found
      return found
    }
  }
}
