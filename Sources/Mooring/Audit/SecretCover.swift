import Documents
import MooringModel

/// The one border that journals and commits pass on their way to `log`, `history`, `blame` and `audit`: sentences without the
/// values that follow names of secrets, and values of drift by the rules of today, whatever they were when it was recorded.
struct SecretCover {
  let rules: SecretRules
  /// Objects of a cluster are no files: what counts there is whether one is a `Secret`.
  let isCluster: Bool

  // MARK: Sentences

  func covered(_ text: String) -> String { rules.withoutSecrets(text: text) }

  func covered(_ event: Event) -> Event {
    var event = event
    switch event.payload {
    case .driftDetected(var detected):
      detected.drifts = detected.drifts.map(covered)
      event.payload = .driftDetected(detected)
    case .driftChanged(var changed):
      changed.drifts = changed.drifts.map(covered)
      event.payload = .driftChanged(changed)
    default: event.payload = event.payload.rewording(covered)
    }
    guard case .quarantine(var entry) = event.payload, let fields = entry.change?.fields else { return event }
    entry.change?.fields = fields.map { field in
      let file = ObjectName(path: field.file.utf8)
      return QuarantinedChange.Field(file: field.file, change: field.change.map { covered($0, of: file, isFile: true) })
    }
    event.payload = .quarantine(entry)
    return event
  }

  // MARK: Drift

  private func covered(_ drift: Drift) -> Drift {
    var drift = drift
    let difference = drift.difference
    drift.difference.fields = difference.fields.map { covered($0, of: drift.object, isFile: !isCluster) }
    if hides(drift.object, isFile: !isCluster), !difference.lines.isEmpty {
      drift.difference.lines = []
      drift.difference.more += difference.lines.count { $0.hasPrefix("+") || $0.hasPrefix("-") }
    } else {
      drift.difference.lines = difference.lines.map(rules.withoutSecrets(line:))
    }
    return drift
  }

  private func covered(_ change: FieldChange, of object: ObjectName, isFile: Bool) -> FieldChange {
    guard change.aspect == .value, !change.isSecret else { return change }
    var change = change
    let isSecret =
      hides(object, isFile: isFile) || Self.isKubernetesSecret(change.document ?? "") || hides(field: change.field)
    (change.isSecret, change.old, change.new) =
      isSecret ? (true, nil, nil) : (false, change.old.map(covered), change.new.map(covered))
    return change
  }

  private func hides(_ object: ObjectName, isFile: Bool) -> Bool {
    isFile ? rules.hides(object, mode: nil) : Self.isKubernetesSecret(object.string)
  }

  /// What can't be read as a path, being cut off or of another time, isn't shown.
  private func hides(field: String) -> Bool {
    guard !field.isEmpty else { return false }
    do { return rules.hides(try FieldPath(parsing: field)) } catch { return true }
  }

  private static func isKubernetesSecret(_ name: String) -> Bool { name.lowercased().hasPrefix("secret/") }
}

extension EnvironmentContext {
  var cover: SecretCover { SecretCover(rules: configuration.secrets, isCluster: targetNamespace != nil) }
}
