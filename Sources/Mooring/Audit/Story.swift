import Documents
import Git
public import MooringJournal
import MooringModel

extension EnvironmentContext {
  /// The events that are asked for, without values of secrets.
  ///
  /// A release or a deployment is asked for by the resources and fields that it changed, too.
  ///
  /// - Throws: `Fault` for a kind that no event has, with the nearest one.
  public func story(_ query: EventQuery) throws -> EventPage {
    for kind in query.filter.kinds where !Event.Payload.kinds.contains(where: { EventFilter.covers(kind, $0) }) {
      let nearest = NearestName.nearest(to: kind, among: Event.Payload.kinds).map { "did you mean \($0)? " } ?? ""
      throw Fault(
        .usage, "no kind of event is named \(kind.debugDescription)",
        remedy: nearest + "there are: \(Event.Payload.kinds.joined(separator: ", "))")
    }
    var page = try journal.page(of: name, in: repository.git, query, changes: touched)
    page.events = page.events.map(cover.covered)
    return page
  }

  /// What a release or a deployment changed; nothing where one of its two trees isn't here.
  private func touched(by event: Event) throws -> [TouchedField] {
    let pair: (old: ReleaseDigest?, new: ReleaseDigest)
    switch event.payload {
    case .release(let release):
      guard let digest = release.digest, let before = try rendered(before: release.number) else { return [] }
      pair = (before, digest)
    case .rollbackStarted(let started): pair = (started.from?.digest, started.to.digest)
    case .deploymentStarted(let started) where started.trigger != .heal: pair = (started.from, started.release.digest)
    default: return []
    }
    guard let old = pair.old, try repository.git.contains(old.object), try repository.git.contains(pair.new.object)
    else {
      return []
    }
    return try difference(from: old, to: pair.new).flatMap { change in
      let names = [change.file, change.resource].compactMap { $0 }
      let isWhole = change.kind != "changed"
      guard change.field == nil, isWhole else { return [TouchedField(names, field: change.field, isWhole: isWhole)] }
      return try touched(byAll: change.file, of: change.kind == "added" ? pair.new : old)
    }
  }

  /// The newest release before another that was rendered.
  private func rendered(before number: ReleaseNumber) throws -> ReleaseDigest? {
    for earlier in stride(from: number.value - 1, to: max(0, number.value - 100), by: -1) {
      if let digest = try journal.releases.release(ReleaseNumber(earlier), of: name)?.digest { return digest }
    }
    return nil
  }

  /// The resources and fields of a file that came, or went, as a whole.
  private func touched(byAll file: String, of release: ReleaseDigest) throws -> [TouchedField] {
    guard let bytes = try StoredRelease(release, in: repository.git).bytes(at: file, limit: Self.largestCompared),
      let path = try? RelativePath(file)
    else { return [TouchedField([file])] }
    let resources = ReleaseResource.all(in: bytes, at: path)
    guard resources.isEmpty else {
      return resources.flatMap { resource in
        let names = [file, resource.name] + (resource.object.map { [$0.string] } ?? [])
        return resource.node.leaves().map { TouchedField(names, field: $0.path) }
      }
    }
    let documents = (try? ReleaseResource.documents(in: bytes, at: path)) ?? []
    return [TouchedField([file])] + documents.flatMap { $0.root.leaves() }.map { TouchedField([file], field: $0.path) }
  }
}
