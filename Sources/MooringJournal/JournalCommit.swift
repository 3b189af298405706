import FoundationEssentials
public import Git
public import MooringModel

/// An event that is to be appended, with what must stay alive with it.
public struct JournalEntry: Sendable {
  public var event: Event
  /// The rendered tree of a release.
  public var rendered: ObjectID?
  /// Commits that the journal keeps alive: a release's revision, a revert.
  public var keeps: [ObjectID]
  /// Objects that exist nowhere durable yet.
  public var objects: [RawObject]

  public init(event: Event, rendered: ObjectID? = nil, keeps: [ObjectID] = [], objects: [RawObject] = []) {
    self.event = event
    self.rendered = rendered
    self.keeps = keeps
    self.objects = objects
  }
}

/// The Git objects of an append: events become blobs, a tree and a commit on the journal's reference.
package enum JournalCommit {
  /// An append with more events than this, none of which keeps anything alive, is one commit with a folder `events/`.
  static let batch = 32

  static func objects(
    for entries: [JournalEntry], on parent: ObjectID?, sign: (([UInt8]) throws -> [UInt8])? = nil
  ) throws -> (objects: [RawObject], head: ObjectID) {
    var head = parent
    var objects: [RawObject] = []
    if parent == nil, let first = entries.first, !first.keeps.isEmpty { throw leadsOut(first.event) }
    let isPlain = entries.allSatisfy { $0.rendered == nil && $0.keeps.isEmpty }
    for group in isPlain && entries.count > batch ? chunks(of: entries) : entries.map({ [$0] }) {
      objects += group.flatMap(\.objects)
      let (made, commit) = try self.commit(group, on: head, sign)
      objects += made
      head = commit
    }
    guard let head else { throw Fault(.journal, "an append without events") }
    return (objects, head)
  }

  /// First parents must never lead out of the journal: whoever reads it would take other commits for events.
  private static func leadsOut(_ event: Event) -> Fault {
    Fault(
      .journal, "a journal can't begin with an event that keeps a commit alive (\(event.payload.kind))",
      at: event.environment.string)
  }

  private static func chunks(of entries: [JournalEntry]) -> [[JournalEntry]] {
    stride(from: 0, to: entries.count, by: mostEvents).map { start in
      Array(entries[start..<min(start + mostEvents, entries.count)])
    }
  }

  private static func commit(
    _ group: [JournalEntry], on parent: ObjectID?, _ sign: (([UInt8]) throws -> [UInt8])?
  ) throws -> ([RawObject], ObjectID) {
    guard let last = group.last else { throw Fault(.journal, "an append without events") }
    var objects: [RawObject] = []
    let tree = try group.count == 1 ? single(last, &objects) : folder(group, &objects)
    objects.append(tree)
    let event = last.event
    let author = signature(event)
    let message =
      group.count == 1
      ? EventMessage(event).commitMessage
      : "\(group.count) events\n\n" + group.map { EventMessage($0.event).headline }.joined(separator: "\n") + "\n"
    let bytes = Repository.encodeCommit(
      tree: try tree.id, parents: (parent.map { [$0] } ?? []) + last.keeps, author: author,
      committer: Signature(name: "Mooring", email: "mooring@localhost", seconds: author.seconds, offsetMinutes: 0),
      message: message)
    let signed = try sign.map { try Repository.encodeCommit(bytes, signature: $0(bytes)) }
    let commit = RawObject(kind: .commit, bytes: signed ?? bytes)
    objects.append(commit)
    return (objects, try commit.id)
  }

  private static func single(_ entry: JournalEntry, _ objects: inout [RawObject]) throws -> RawObject {
    let blob = try RawObject(kind: .blob, bytes: encode(entry.event))
    objects.append(blob)
    var entries = [try file("event.json", blob.id)]
    if let rendered = entry.rendered { entries.append(folder("rendered", rendered)) }
    return RawObject(kind: .tree, bytes: Repository.encodeTree(entries))
  }

  private static func folder(_ group: [JournalEntry], _ objects: inout [RawObject]) throws -> RawObject {
    var entries: [TreeEntry] = []
    for (index, entry) in group.enumerated() {
      let blob = try RawObject(kind: .blob, bytes: encode(entry.event))
      objects.append(blob)
      let digits = String(index + 1)
      entries.append(try file(String(repeating: "0", count: 6 - min(6, digits.count)) + digits + ".json", blob.id))
    }
    let inner = RawObject(kind: .tree, bytes: Repository.encodeTree(entries))
    objects.append(inner)
    return RawObject(kind: .tree, bytes: Repository.encodeTree([folder("events", try inner.id)]))
  }

  private static func file(_ name: String, _ id: ObjectID) -> TreeEntry {
    TreeEntry(name: name, mode: .regular, id: id)
  }

  private static func folder(_ name: String, _ id: ObjectID) -> TreeEntry {
    TreeEntry(name: name, mode: .directory, id: id)
  }

  private static func signature(_ event: Event) -> Signature {
    let name = event.initiator.name.filter { !"<>\n\0".contains($0) }
    let email =
      event.initiator.kind == .person ? "\(name.replacing(" ", with: ".").lowercased())@localhost" : "mooring@localhost"
    return Signature(name: name.isEmpty ? "unknown" : name, email: email, seconds: event.time.seconds, offsetMinutes: 0)
  }

  /// JSON with sorted keys and two-space indentation, so that the same event is the same bytes.
  package static func encode(_ event: Event) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let bytes = try Array(encoder.encode(event)) + [UInt8(ascii: "\n")]
    // What couldn't be read again would make the whole journal unreadable.
    guard bytes.count <= maximumEventBytes else { throw tooLarge(bytes.count, at: event.environment.string) }
    return bytes
  }

  /// A commit with more events than this is neither written nor read.
  static let mostEvents = 10_000

  /// The largest `event.json` that is written or read.
  static let maximumEventBytes = 4 << 20

  /// The events of one commit of a journal, in order.
  static func events(of commit: Commit, in repository: Repository) throws -> [Event] {
    do {
      return try read(commit, in: repository)
    } catch let error as GitError {
      throw Fault(.journal, "\(error)", at: commit.id.hex, remedy: "restore it from the remote's journal")
    }
  }

  private static func read(_ commit: Commit, in repository: Repository) throws -> [Event] {
    let entries = try repository.tree(commit.tree)
    if let single = entries.first(where: { $0.name == "event.json" }) {
      return [try event(single.id, commit, in: repository)]
    }
    guard let folder = entries.first(where: { $0.name == "events" }) else {
      throw Fault(.journal, "a commit without event.json or events/", at: commit.id.hex)
    }
    let files = try repository.tree(folder.id)
    guard files.count <= mostEvents else {
      throw Fault(
        .limit, "a commit of \(files.count) events, over the limit of \(mostEvents)", at: commit.id.hex,
        remedy: "see whether somebody wrote to the journal's reference by hand")
    }
    return try files.map { try event($0.id, commit, in: repository) }
  }

  private static func event(_ blob: ObjectID, _ commit: Commit, in repository: Repository) throws -> Event {
    do {
      return try event(decoding: repository.blob(blob, limit: maximumEventBytes), of: commit.id)
    } catch let error as GitError where error.code == .invalid {
      let size = try repository.blobSize(blob)
      throw size > maximumEventBytes ? tooLarge(size, at: commit.id.hex) : error
    }
  }

  private static func tooLarge(_ size: Int, at place: String? = nil) -> Fault {
    Fault(.limit, "an event of \(size) bytes, over the limit of \(maximumEventBytes)", at: place)
  }

  /// The event that a file of a journal's commit holds.
  package static func event(decoding bytes: [UInt8], of commit: ObjectID) throws -> Event {
    do {
      return try JSONDecoder().decode(Event.self, from: Data(bytes))
    } catch {
      throw Fault(
        .journal, "an event that can't be read: \(error)", at: commit.hex,
        remedy: "see whether somebody wrote to the journal's reference by hand")
    }
  }
}
