import Documents
import Git
import MooringJournal
import MooringModel

/// An environment's history in its index, brought up to the branch as it was fetched last.
struct EnvironmentHistory {
  let context: EnvironmentContext
  let index: HistoryIndex
  /// The commits of the branch.
  let inputs: HistoryIndex.Progress
  /// The trees that a program rendered of them; `nil` where releases are the inputs themselves.
  let rendered: HistoryIndex.Progress?
  /// What adding the commits that were missing came to.
  private(set) var build = HistoryBuild()

  private static let attempts = 100

  /// - Parameter progress: Is told how many commits are indexed, of how many.
  init(of context: EnvironmentContext, progress: (Int, Int) -> Void) throws {
    self.context = context
    index = try HistoryIndex(stateDirectory: context.state.path)
    let branch = HistoryIndex.Line(
      environment: context.name, kind: .inputs, paths: context.configuration.definition.paths)
    let tip = try context.repository.tip()
    let git = context.repository.git
    (inputs, build) = try Self.follow(branch, in: index, git, progress) { known in
      guard known.reached != tip else { return [] }
      let line = try git.line(firstParentsFrom: tip, until: known.reached)
      guard line.reachesStop || known.reached == nil else { return nil }
      return line.commits.reversed().map { HistoryIndex.Step(commit: $0.id, tree: $0.tree) }
    }
    guard context.configuration.renderer.kind != .plain else {
      rendered = nil
      return
    }
    let releases = try context.allReleases().reversed()
    let trees = HistoryIndex.Line(environment: context.name, kind: .rendered, paths: ["."])
    let (rendered, more) = try Self.follow(trees, in: index, git, progress) { known in
      try releases.compactMap { release in
        guard release.number.value > known.mark, let digest = try release.digest?.object, git.contains(digest) else {
          return nil
        }
        return HistoryIndex.Step(commit: try release.revision.object, tree: digest, mark: release.number.value)
      }
    }
    self.rendered = rendered
    build = build + more
  }

  /// - Parameter missing: What a line lacks, oldest first; `nil` where it isn't the line any more that it was.
  private static func follow(
    _ line: HistoryIndex.Line, in index: HistoryIndex, _ git: Repository, _ progress: (Int, Int) -> Void,
    _ missing: (HistoryIndex.Progress) throws -> [HistoryIndex.Step]?
  ) throws -> (HistoryIndex.Progress, HistoryBuild) {
    for _ in 0..<attempts {
      let known = try index.progress(of: line)
      guard let steps = try missing(known) else {
        try index.forget(line)
        continue
      }
      guard !steps.isEmpty else { return (known, HistoryBuild()) }
      do {
        let build = try index.add(steps, to: line, after: known, in: git, progress: progress)
        return (try index.progress(of: line), build)
      } catch is HistoryIndex.Overtaken {}  // Somebody else indexes at this moment: go on after what they have done.
    }
    throw Fault(.busy, "the history is being indexed by others all the time", at: line.environment.string)
  }

  // MARK: What somebody asks for

  /// A file or a resource that history knows.
  struct Subject {
    var name: String
    var resource: ObjectName?
    var subject: HistoryIndex.Subject
    var line: HistoryIndex.Progress
    var kind: HistoryIndex.Line.Kind
  }

  /// What a person means: a resource as `deployment/shop/web`, or a file as the release or the repository has it.
  ///
  /// - Throws: `Fault` that names what is nearest.
  func subject(_ text: String) throws -> Subject {
    let line = rendered ?? inputs
    let kind: HistoryIndex.Line.Kind = rendered == nil ? .inputs : .rendered
    for name in resourceNames(text) {
      guard let id = try index.resource(name, of: line) else { continue }
      return Subject(name: name.string, resource: name, subject: .resource(id), line: line, kind: kind)
    }
    for path in filePaths(text) {
      guard let id = try index.file(path, of: inputs) else { continue }
      return Subject(name: ObjectName(path: path).string, subject: .file(id), line: inputs, kind: .inputs)
    }
    throw try unknown(text, line)
  }

  /// Ways to read a resource's name, best first: with the target's own namespace left out, as manifests may.
  private func resourceNames(_ text: String) -> [ObjectName] {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard (2...3).contains(parts.count), let first = parts.first, let name = parts.last, !name.isEmpty else {
      return []
    }
    let dot = first.firstIndex(of: ".")
    let kind = dot.map { String(first[..<$0]) } ?? first
    let group = dot.map { String(first[first.index(after: $0)...]) } ?? ""
    let named = parts.count == 3 ? parts[1] : nil
    var namespaces: [String?] = [named]
    if let own = context.targetNamespace {
      if named == nil { namespaces.append(own) } else if named == own { namespaces.append(nil) }
    }
    return namespaces.map { ObjectName(group: group, kind: kind, namespace: $0, name: name) }
  }

  /// Ways to read a file's path: below the inputs, as releases have it, and in the repository.
  private func filePaths(_ text: String) -> [[UInt8]] {
    let path = ObjectName(written: ObjectName(written: text).releasePath).bytes
    return [context.repositoryPath(ofReleased: path), path].compactMap { $0 }
  }

  private func unknown(_ text: String, _ line: HistoryIndex.Progress) throws -> Fault {
    let resources = try index.resources(of: line).map(\.string)
    let files = try index.files(of: inputs).map { ObjectName(path: context.releasedPath(ofInput: $0)).string }
    let candidates = [resources, files].compactMap { NearestName.nearest(to: text, among: $0) }
    let last = text.split(separator: "/").last.map(String.init) ?? text
    let alike = (resources + files).lazy.filter { $0.hasSuffix("/" + last) || $0.hasPrefix(text) }.prefix(3)
    let nearest = candidates + alike.filter { !candidates.contains($0) }
    return Fault(
      .notFound, "\(context.name) never had a resource or a file \(text.prefix(200).debugDescription)",
      remedy: nearest.isEmpty
        ? "name a resource as deployment/shop/web, or a file by its path"
        : "did you mean \(nearest.joined(separator: ", "))?")
  }

  /// Everything that commits did to a subject, oldest first.
  ///
  /// - Parameter field: Then only what concerns it, and what can't be read.
  func changes(of subject: Subject, concerning field: String? = nil) throws -> [CommittedChange] {
    var changes = try caughtUp(subject) {
      try index.changes(of: subject.subject, in: subject.line, concerning: field)
    }
    var cover = CommitCover(context.cover)
    for place in changes.indices {
      changes[place].commit = cover.covered(changes[place].commit)
      for writer in changes[place].writers.indices {
        changes[place].writers[writer] = cover.covered(changes[place].writers[writer])
      }
    }
    return changes
  }

  /// What hands did, oldest first, as it may be shown.
  func hands(in events: some Sequence<Event>) -> [HandChange] {
    HandChange.all(of: events.lazy.map(context.cover.covered))
  }

  /// What a subject was at a position; `nil` where it hadn't been there yet.
  func present(of subject: Subject, at position: Int) throws -> PresentSubject? {
    guard var last = try caughtUp(subject, { try index.present(of: subject.subject, in: subject.line) }) else {
      return nil
    }
    if last.position <= position {
      var cover = CommitCover(context.cover)
      for place in last.fields.indices {
        last.fields[place].setter.commit = cover.covered(last.fields[place].setter.commit)
        last.fields[place].setter.writer = last.fields[place].setter.writer.map { cover.covered($0) }
      }
      return last
    }
    return try EarlierSubject(history: self, subject: subject, changes: changes(of: subject)).present(at: position)
  }

  /// Asks for values when all are there, once more when what was kept of them had to be forgotten.
  private func caughtUp<Answer>(_ subject: Subject, _ ask: () throws -> Answer) throws -> Answer {
    let values = SubjectValues(
      repository: context.repository.git, index: index, line: subject.line, kind: subject.kind,
      rules: context.configuration.secrets, subject: subject.subject, resource: subject.resource)
    do {
      try values.catchUp()
      return try ask()
    } catch is HistoryIndex.Damaged {
      try index.forgetValues(of: subject.subject, in: subject.line)
      try values.catchUp()
      return try ask()
    }
  }

  // MARK: Production

  /// The releases that commits of a line became.
  func marks(on subject: Subject, _ state: EnvironmentState) throws -> (Int, Revision) -> ReleaseIndex.Mark? {
    try context.countReleases(of: state)
    let releases = context.journal.releases
    // Up to there numbers were counted from the same history as positions; whether it still is that, its last commit tells.
    var counted = 0
    if subject.kind == .inputs, let count = state.catalogue?.count,
      let last = try releases.release(ReleaseNumber(count), of: context.name)?.revision,
      try index.commit(at: count, in: subject.line)?.content == last
    {
      counted = count
    }
    let marks = try releases.marks(of: context.name, after: max(counted - 1, 0))
    return { position, revision in
      if let mark = marks[revision] { return mark }
      return position <= counted ? ReleaseIndex.Mark(number: ReleaseNumber(position), signature: nil) : nil
    }
  }
}

extension EnvironmentContext {
  /// Where objects go that name no namespace; `nil` of a host.
  var targetNamespace: String? {
    if case .kubernetes(let options) = configuration.target { options.namespace } else { nil }
  }

  /// The one folder or file whose content releases are; `nil` where each input keeps its path.
  private var inputFolder: [UInt8]? {
    let paths = configuration.definition.paths
    guard configuration.renderer.kind == .plain, paths.count == 1, paths[0] != "." else { return nil }
    return Array(paths[0].utf8)
  }

  /// Where a file of a release stands in the repository.
  func repositoryPath(ofReleased path: [UInt8]) -> [UInt8]? {
    inputFolder.map { $0 + [UInt8(ascii: "/")] + path }
  }

  /// The path that a file of the repository has in releases.
  func releasedPath(ofInput path: [UInt8]) -> [UInt8] {
    guard let folder = inputFolder, path.starts(with: folder + [UInt8(ascii: "/")]) else { return path }
    return Array(path.dropFirst(folder.count + 1))
  }
}
