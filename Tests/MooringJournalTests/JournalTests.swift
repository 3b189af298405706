import Dispatch
import Git
import MooringModel
import Synchronization
import Testing

@testable import MooringJournal

@Suite("A journal") struct JournalTests {
  private let state: StateFolder

  init() throws { state = try StateFolder() }

  @Test("gives back what was appended, newest first, and the state that follows from it")
  func givesBackWhatWasAppended() async throws {
    let journal = try await state.journal()
    let entries = ["one", "two", "drei ✓ \"quoted\"\nand a second line"].map { note($0) }
    let head = try await journal.append(entries, to: JournalHead(), of: production, in: state.repository)
    #expect(try journal.events(of: production, in: state.repository) == entries.map(\.event).reversed())
    #expect(try journal.events(of: production, in: state.repository, limit: 1) == [entries[2].event])
    #expect(head.state == EnvironmentState(replaying: entries.map(\.event)))
    let other = try await state.journal()
    #expect(try other.head(of: production, in: state.repository) == head)
    #expect(try other.head(of: environment("staging"), in: state.repository) == JournalHead())
  }

  @Test("can't begin with an event that leads out of it") func cantBeginWithAnEventThatLeadsOutOfIt() async throws {
    let journal = try await state.journal()
    let (revision, _) = try commitRevision()
    var entry = note("a note")
    entry.keeps = [revision]
    let fault = await #expect(throws: Fault.self) {
      try await journal.append([entry], to: JournalHead(), of: production, in: state.repository)
    }
    #expect(fault?.description.contains("can't begin with") == true, "\(fault as Any)")
    #expect(try journal.events(of: production, in: state.repository) == [])
  }

  @Test("has an index that many open at once where it is new") func hasAnIndexThatManyOpenAtOnce() throws {
    for _ in 0..<10 {
      let fresh = try StateFolder()
      let failures = Mutex<[String]>([])
      DispatchQueue.concurrentPerform(iterations: 8) { _ in
        do {
          _ = try JournalIndex(path: fresh.path + "/index.sqlite")
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
      #expect(failures.withLock { $0 } == [])
    }
  }

  /// A revision on the branch `main`, with a file that its release renders to another name.
  private func commitRevision() throws -> (revision: ObjectID, rendered: ObjectID) {
    let repository = state.repository
    let blob = try repository.writeBlob(Array("replicas: 3\n".utf8))
    let tree = try repository.writeTree([TreeEntry(name: "app.yaml", mode: .regular, id: blob)])
    let rendered = try repository.writeTree([TreeEntry(name: "rendered.yaml", mode: .regular, id: blob)])
    let bo = Signature(name: "Bo", email: "bo@example.com", seconds: morning.seconds)
    let revision = try repository.createCommit(tree: tree, parents: [], author: bo, committer: bo, message: "Three\n")
    try repository.setReference("refs/heads/main", to: revision, expecting: nil, log: "test")
    return (revision, rendered)
  }

  private func release(_ revision: ObjectID, _ rendered: ObjectID) throws -> JournalEntry {
    let id = try #require(Revision(bytes: revision.bytes))
    let made = Release(
      number: ReleaseNumber(1), revision: id, inputs: [id],
      definition: Definition(renderer: "plain", version: 1, paths: ["."]), digest: ContentID(bytes: rendered.bytes),
      summary: "Three", author: "Bo", committed: morning)
    return JournalEntry(event: event(.release(made)), rendered: rendered, keeps: [revision])
  }

  @Test("reads as a story in plain Git, and Git finds nothing wrong with it")
  func readsAsAStory() async throws {
    let journal = try await state.journal()
    let (revision, rendered) = try commitRevision()
    let entries = [
      note("looks good"), try release(revision, rendered),
      JournalEntry(event: event(.hold(Hold(cause: .person, reason: "freeze\nfor the weekend")), by: ann)),
    ]
    _ = try await journal.append(entries, to: JournalHead(), of: production, in: state.repository)
    let name = Journal.reference(of: production)
    #expect(
      try state.runGit("log", "--first-parent", "--reverse", "--format=%an <%ae> %cn: %s", name) == """
        Ann Lee <ann.lee@localhost> Mooring: note by Ann Lee: looks good
        mooring <mooring@localhost> Mooring: v1 released: Three (Bo)
        Ann Lee <ann.lee@localhost> Mooring: held by Ann Lee: freeze for the weekend
        """)
    #expect(try state.runGit("show", "\(name)~1:rendered/rendered.yaml") == "replicas: 3")
    #expect(try state.runGit("rev-parse", "\(name)~1^2") == revision.hex)
    #expect(try state.runGit("show", "\(name):event.json").contains("\"kind\" : \"hold\""))
    #expect(try state.complaints() == [])
  }

  @Test("keeps a release's revision and rendered tree alive when the branch is gone and Git has collected garbage")
  func keepsAReleaseAlive() async throws {
    let journal = try await state.journal()
    let (revision, rendered) = try commitRevision()
    _ = try await journal.append(
      [note("first"), release(revision, rendered)], to: JournalHead(), of: production, in: state.repository)
    try state.runGit("update-ref", "-d", "refs/heads/main")
    try state.runGit("gc", "--prune=now", "--quiet")
    #expect(try state.runGit("cat-file", "-p", "\(revision):app.yaml") == "replicas: 3")
    #expect(try state.runGit("cat-file", "-p", "\(rendered):rendered.yaml") == "replicas: 3")
    #expect(try state.runGit("rev-parse", "\(Journal.reference(of: production))^2") == revision.hex)
    #expect(try await state.journal().events(of: production, in: state.repository).count == 2)
    try await journal.append(notes: "after", in: state)
    #expect(try state.complaints() == [])
  }

  @Test("of many events at once is one commit with a folder, in order", arguments: [32, 33, 300])
  func ofManyEventsAtOnce(count: Int) async throws {
    let journal = try await state.journal()
    let texts = (0..<count).map { "note \($0)" }
    _ = try await journal.append(texts.map { note($0) }, to: JournalHead(), of: production, in: state.repository)
    let isBatch = count > 32
    let name = Journal.reference(of: production)
    #expect(try state.runGit("rev-list", "--count", name) == (isBatch ? "1" : "\(count)"))
    if isBatch {
      #expect(try state.runGit("log", "-1", "--format=%s", name) == "\(count) events")
      #expect(try state.runGit("ls-tree", "--name-only", "\(name):events").hasPrefix("000001.json\n000002.json"))
    }
    _ = try journal.rebuildIndex([(production, state.repository)])
    #expect(try journal.notes(in: state) == texts)
    #expect(try state.complaints() == [])
  }

  @Test("of each of many environments that append at once is complete")
  func ofEachOfManyEnvironments() async throws {
    let journal = try await state.journal()
    let names = (0..<60).map { environment("env-\($0)") }
    let state = state
    try await withThrowingTaskGroup { group in
      for name in names {
        group.addTask { _ = try await journal.append(notes: "one", "two", "three", in: state, of: name) }
      }
      try await group.waitForAll()
    }
    _ = try journal.rebuildIndex([])
    for name in names { #expect(try journal.notes(in: state, of: name) == ["one", "two", "three"]) }
    #expect(try state.complaints() == [])
  }

  @Test("has all events of two programs that append to it at once")
  func hasAllEventsOfTwoPrograms() async throws {
    let state = state
    let writers = [try await state.journal(), try await state.journal()]
    try await withThrowingTaskGroup { group in
      for (writer, journal) in writers.enumerated() {
        group.addTask {
          var head = JournalHead()
          for number in 0..<20 {
            head = try await journal.append(
              [note("\(writer).\(number)")], to: head, of: production, in: state.repository)
          }
        }
      }
      try await group.waitForAll()
    }
    let notes = try writers[0].notes(in: state)
    #expect(Set(notes).count == 40 && notes.count == 40)
    for writer in 0..<2 {
      #expect(notes.filter { $0.hasPrefix("\(writer).") } == (0..<20).map { "\(writer).\($0)" })
    }
    #expect(try writers[1].notes(in: state) == notes)
    #expect(try writers[1].head(of: production, in: state.repository).state.eventCount == 40)
  }

  @Test("that was rewound by hand says what Git says, and goes on from there")
  func thatWasRewound() async throws {
    let journal = try await state.journal()
    try await journal.append(notes: "one", "two", "three", in: state)
    let name = Journal.reference(of: production)
    try state.runGit("update-ref", name, "\(name)~2")
    #expect(try journal.notes(in: state) == ["one"])
    let head = try await journal.append(notes: "four", in: state)
    #expect(head.state.eventCount == 2)
    #expect(try journal.notes(in: state) == ["one", "four"])
  }

  @Test(
    "into which somebody wrote by hand is an error that says where",
    arguments: ["", "100644 blob B\tevent.json", "100644 blob B\tother", "100644 blob B\tevents"])
  func intoWhichSomebodyWrote(line: String) async throws {
    let journal = try await state.journal()
    try await journal.append(notes: "one", in: state)
    let blob = try state.runGit("hash-object", "-w", "--stdin", input: "{\"schema\": 1, \"kind\": [")
    let tree = try state.runGit("mktree", input: line.isEmpty ? "" : line.replacing("B", with: blob) + "\n")
    let name = Journal.reference(of: production)
    let commit = try state.runGit("commit-tree", tree, "-p", name, "-m", "hello")
    try state.runGit("update-ref", name, commit)
    #expect {
      try journal.head(of: production, in: state.repository)
    } throws: { ($0 as? Fault)?.code == .journal }
    try state.runGit("update-ref", name, "\(commit)~1")
    #expect(try journal.notes(in: state) == ["one"])
  }
}
