import Documents
import Git
import MooringModel

/// What a release changed, by field, with everything left out that the environment's rules take for a secret: a report is
/// kept and handed around.
struct IncidentChanges {
  let context: EnvironmentContext

  func changes(from good: ReleaseDigest, to bad: ReleaseDigest) throws -> [IncidentDocument.Change] {
    try context.repository.git.changes(from: good.object, to: bad.object).flatMap(changes)
  }

  private func changes(of change: TreeChange) throws -> [IncidentDocument.Change] {
    let file = ObjectName(path: change.path.utf8).string
    let whole = change.old == nil ? "added" : change.new == nil ? "removed" : "changed"
    let asAWhole = [IncidentDocument.Change(place: "\(file) (\(whole))", old: nil, new: nil, isSecret: false)]
    guard let old = try change.old.flatMap({ try context.content($0) }),
      let new = try change.new.flatMap({ try context.content($0) })
    else { return asAWhole }
    let rules = context.configuration.secrets
    let difference = differences(from: old, to: new, path: change.path)
    let isSecret =
      rules.hides(ObjectName(path: change.path.utf8), mode: nil) || rules.hideAll(of: difference, old, new)
    guard case .fields(let documents) = difference.content else {
      return [IncidentDocument.Change(place: "\(file) (\(whole))", old: nil, new: nil, isSecret: isSecret)]
    }
    let fields = documents.flatMap { document in
      document.fields.map { rules.change($0, of: document, isSecret: isSecret) }
    }
    return fields.isEmpty
      ? asAWhole
      : fields.map { one in
        IncidentDocument.Change(
          place: [file, one.document, one.field].compactMap { $0 }.joined(separator: " "), old: one.old, new: one.new,
          isSecret: one.isSecret)
      }
  }
}
