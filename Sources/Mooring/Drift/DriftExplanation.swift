import Documents
import Git
import MooringJournal
public import MooringModel

extension EnvironmentContext {
  /// The object that a person means: below `current/` where releases have folders of their own, also without saying so.
  public func object(_ text: String) -> ObjectName {
    guard configuration.target.isSwitched, text != "current", !text.hasPrefix(ObjectName.currentPrefix) else {
      return ObjectName(written: text)
    }
    return ObjectName(written: ObjectName.currentPrefix + text)
  }

  /// Commits of the branch that change the inputs and aren't deployed, oldest first: `1a2b3c4d Ann: Raise the limit`.
  public func undeployed() throws -> [String] {
    guard let deployed = try head().state.deployed?.release.revision.object, repository.git.contains(deployed) else {
      return []
    }
    let tip = try repository.tip()
    guard try repository.git.isAncestor(deployed, of: tip) else { return [] }
    return try repository.git.changesOfInputs(
      firstParentsFrom: tip, until: deployed, paths: configuration.definition.paths
    ).map { change in
      let commit = try repository.git.commit(change.commit)
      return "\(commit.id.hex.prefix(8)) \(commit.author.name): \(commit.summary)"
    }
  }

  /// Why an object, or one field of it, is drift or isn't, in sentences.
  public func explain(_ object: ObjectName, field: String? = nil) async throws -> String {
    let state = try head().state
    guard let deployed = state.deployed?.release else { return "nothing was deployed to \(name) yet" }
    let contents = try StoredRelease(deployed.digest, in: repository.git)
    var lines = [
      "\(object), compared with \(deployed.label) as it was deployed \(state.deployed?.since.description ?? "")"
    ]
    let path = try field.map { field throws(Fault) in try FieldPath(asked: field) }
    lines += try rulesAbout(object, contents, state)
    // What the server makes of manifests is asked by a look.
    let report = try await drift(in: .objects([object]))
    let holds = contents.holds(object) ? "it belongs to the release" : "the release has nothing there"
    lines += try await target.explanation(of: object, path, in: contents) ?? [holds]
    if let item = report.items.first(where: { $0.object == object.string }) {
      lines.append("it differs: \(item.summary)")
      lines.append(item.id.map { "the journal knows it as drift \($0)" } ?? "the journal doesn't know it yet")
      lines.append("it was changed by \(item.by), \(item.by.certainty.rawValue)")
      if let request = item.by.request { lines.append("the API server recorded request \(request.id): \(request)") }
    } else if report.own.contains(object.string) {
      lines.append("it was written while a program ran that a deployment started, so it is no drift")
    } else {
      lines.append(report.unseen.isEmpty ? "it doesn't differ, so it is no drift" : "it can't be looked at")
    }
    let action = configuration.policy.drift.action(for: object)
    lines.append(action == .heal ? "drift of it is put back by itself" : "drift of it is told, and left as it is")
    return lines.joined(separator: "\n")
  }

  private func rulesAbout(
    _ object: ObjectName, _ contents: StoredRelease, _ state: EnvironmentState
  ) throws -> [String] {
    var lines: [String] = []
    let rules = try DriftReader(context: self).rules(contents)
    let path = object.releaseComponents
    for count in path.indices.map({ $0 + 1 }) {
      let isFolder = count < path.count
      for pattern in rules.ignored where pattern.matches(Array(path.prefix(count)), isFolder: isFolder) {
        lines.append("it is ignored by the rule `\(pattern)`")
      }
    }
    for field in configuration.policy.drift.ignoredFields where field.pattern.matches(path, isFolder: false) {
      lines.append("its field \(field.field) is ignored by the configuration")
    }
    for ignore in state.ignores where ignore.isInForce(at: time.now()) && object.isInside(ignore.ignored.object) {
      let what = ignore.ignored.field.map { "its field \($0)" } ?? "it"
      let until = ignore.ignored.until.map { " until \($0)" } ?? ""
      lines.append("\(what) is ignored\(until) since \(ignore.since), by \(ignore.initiator)")
    }
    return lines
  }
}
