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
      guard let digest = release.digest, release.number.value > 1,
        let before = try journal.releases.release(ReleaseNumber(release.number.value - 1), of: name)?.digest
      else { return [] }
      pair = (before, digest)
    case .deploymentStarted(let started) where started.trigger != .heal: pair = (started.from, started.release.digest)
    default: return []
    }
    guard let old = pair.old, try repository.git.contains(old.object), try repository.git.contains(pair.new.object)
    else {
      return []
    }
    return try difference(from: old, to: pair.new).map { change in
      TouchedField([change.file, change.resource].compactMap { $0 }, field: change.field)
    }
  }
}
