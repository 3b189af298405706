import Git
import MooringJournal
public import MooringModel

/// Where a person wants to go back to.
public enum RollbackChoice: Sendable, Hashable {
  /// To the last verified release before the one that runs.
  case previous
  case release(ReleaseNumber)
  /// Undo commits, or a part of what they changed.
  case undo(UndoChoice)

  /// Undo one commit: its full id, or an unambiguous beginning.
  public static func commit(_ id: String) -> RollbackChoice { .undo(UndoChoice([id])) }
}

/// Which commits a person wants to undo.
public struct UndoChoice: Sendable, Hashable {
  /// Commits, and ranges `A..B` of what came after A up to B; each commit by its full id or an unambiguous beginning.
  public var commits: [String]
  /// Which parent of a merge stays, from 1.
  public var mainline: Int?
  public var part: RevertPart
  public var decisions: [RevertDecision]

  public init(
    _ commits: [String], mainline: Int? = nil, part: RevertPart = RevertPart(), decisions: [RevertDecision] = []
  ) {
    (self.commits, self.mainline) = (commits, mainline)
    (self.part, self.decisions) = (part, decisions)
  }
}

/// What a rollback would do, before it does anything.
public struct RollbackPreview: Sendable {
  public var from: ReleaseReference?
  public var to: ReleaseReference
  public var undone: [Revision]
  public var ranBefore: Bool
  public var changes: [ReleaseChange]
  /// Files in which the revert met later changes of the same lines, and was merged by field.
  public var byField: [String]
  /// What would become of each object; `nil` of a target whose objects are the release's files.
  public var objects: [PlannedObject]?
  /// Why the target would refuse the release as a whole.
  public var problem: Fault?
  /// What it would bring to other environments.
  public var shared: [SharedPlan]
  /// Why it isn't carried out as it was asked for: the others weren't.
  public var refusal: Fault?
}

extension EnvironmentContext {
  /// The request that a choice means.
  ///
  /// - Throws: `Fault` where there is nothing to go back to.
  public func revertRequest(
    _ choice: RollbackChoice, reason: String, by initiator: Initiator, includeShared: Bool
  ) async throws -> RevertRequest {
    let scope: RevertRequest.Scope =
      switch choice {
      case .previous: .release(try previous())
      case .release(let number): .release(try await reference(to: number))
      case .undo(let choice): .undo(try undoing(choice))
      }
    return RevertRequest(
      scope: scope, reason: reason, automatic: false, initiator: initiator, includeShared: includeShared)
  }

  private func previous() throws -> ReleaseReference {
    let state = try head().state
    guard let previous = state.previous else {
      throw Fault(
        .notFound, "\(name) has no verified release to go back to",
        remedy: "name one of `mooring releases \(name)` with --to")
    }
    return previous.release
  }

  private func undoing(_ choice: UndoChoice) throws -> Undoing {
    guard choice.commits.count <= RevertMaker.mostSpans else {
      throw Fault(
        .usage, "more than \(RevertMaker.mostSpans) commits are named", remedy: "name a range of them as A..B")
    }
    var spans: [Undoing.Span] = []
    for text in choice.commits {
      let span = try span(text, choice.mainline)
      // What came later is undone first.
      let place = try spans.firstIndex { try isBefore($0.newest, span.newest) }
      if !spans.contains(span) { spans.insert(span, at: place ?? spans.count) }
    }
    return Undoing(spans, part: choice.part, decisions: choice.decisions)
  }

  private func isBefore(_ first: Revision, _ second: Revision) throws -> Bool {
    let (ancestor, descendant) = (try first.object, try second.object)
    guard repository.git.contains(ancestor), repository.git.contains(descendant) else { return false }
    return try repository.git.isAncestor(ancestor, of: descendant)
  }

  private func span(_ text: String, _ mainline: Int?) throws -> Undoing.Span {
    guard let dots = text.firstRange(of: "..") else {
      return Undoing.Span(try revision(text), mainline: mainline)
    }
    let (after, newest) = (text[..<dots.lowerBound], text[dots.upperBound...])
    guard !after.isEmpty, !newest.isEmpty, !newest.hasPrefix("."), mainline == nil else {
      throw Fault(
        .usage,
        "not a range of commits: \(text.prefix(80).debugDescription)\(mainline == nil ? "" : " with --mainline")",
        remedy: "name it as A..B: what came after A, up to B")
    }
    return Undoing.Span(try revision(String(newest)), after: try revision(String(after)))
  }

  private func revision(_ text: String) throws -> Revision {
    if let id = Revision(hex: text) { return id }
    return try release(of: text).revision
  }

  /// Makes the revert in memory, records nothing, and says what it would change.
  ///
  /// - Throws: `RevertStopped` where somebody has to decide.
  public func preview(_ request: RevertRequest) async throws -> RollbackPreview {
    let state = try head().state
    let reading = try await headReader.read(state, asked: nil)
    try await admit(request, on: reading, state)
    var anyhow = request
    anyhow.includeShared = true
    let made = try await revertMaker.attempt(
      anyhow, id: Identifier(at: time.now()), on: reading.head, state, at: time.now())
    let revert = made.revert
    let (objects, problem) = try await objects(of: revert.to.digest, state)
    let shared = try await sharedPlans(of: revert)
    return RollbackPreview(
      from: revert.from, to: revert.to, undone: revert.undone, ranBefore: revert.ranBefore,
      changes: try difference(from: state.deployed?.release.digest, to: revert.to.digest), byField: made.byField,
      objects: objects, problem: problem, shared: shared,
      refusal: request.includeShared || shared.isEmpty ? nil : RevertMaker.unasked(shared.map(\.environment)))
  }

  /// What would become of the target's objects. A target that can't be asked now doesn't keep anybody from seeing the rest.
  private func objects(
    of digest: ReleaseDigest, _ state: EnvironmentState
  ) async throws -> ([PlannedObject]?, Fault?) {
    do {
      let contents = try StoredRelease(digest, in: repository.git)
      let preview = try await target.preview(contents, sparing: try spared(of: contents, state))
      guard let preview else { return (nil, nil) }
      let objects = preview.objects.map {
        PlannedObject($0, configuration.secrets, known: state.drifts[$0.object]?.attribution)
      }
      return (objects, preview.problem)
    } catch let fault as Fault {
      return (nil, fault)
    }
  }
}
