import Documents
import Kubernetes
import MooringModel

/// Says in sentences why an object of a release, or a field of it, is drift or isn't. No value is in them.
struct ObjectExplanation {
  /// Fields that one sentence names, and fields that get one of their own.
  private static let (most, mostAlone) = (12, 40)

  let manifest: Manifest
  let comparer: ObjectComparer
  let owner: ObjectOwner
  /// Nothing but this field, and what is below it.
  let field: FieldPath?

  /// - Parameter live: `nil` where it isn't there.
  func lines(_ live: KubernetesObject?) throws(KubernetesError) -> [String] {
    var lines = ["it belongs to the release: \(manifest.origin)"] + wishes
    guard let live else { return lines + ["it isn't in the cluster"] }
    if let other = owner.other(of: live) { lines.append("its labels say that it belongs to \(other)") }
    if manifest.wishes.hook != nil || manifest.wishes.isOnlyMade || manifest.wishes.ignores == .everything {
      return lines
    }
    let comparison = try comparer.comparison(manifest, live, isExplained: true)
    return lines + sentences(of: comparison)
  }

  // MARK: What the manifest says

  private var wishes: [String] {
    var lines: [String] = []
    switch manifest.wishes.hook {
    case .before: lines.append("each deployment runs it before the others, and it isn't compared: it is a hook")
    case .after: lines.append("each deployment runs it after the others, and it isn't compared: it is a hook")
    case .leftAlone: lines.append("its annotation says that it is neither made nor changed nor deleted")
    case .never: lines.append("it is a hook of another tool, and nothing is done with it")
    case nil: break
    }
    if manifest.wishes.isOnlyMade { lines.append("its annotation says that it is made once, and left alone then") }
    switch manifest.wishes.ignores {
    case .nothing: break
    case .everything: lines.append("its annotation says that nothing is said of what others change in it")
    case .fields(let fields):
      let own = manifest.wishes.scaler == nil ? fields : fields.dropLast()
      lines += own.map { "its field \($0) is anybody's: its annotation mooring.dev/ignore says so" }
    }
    if let scaler = manifest.wishes.scaler {
      lines.append("its field \(AutoscaledWorkloads.field) is anybody's: \(scaler) of the release scales it")
    }
    return lines
  }

  // MARK: What was found

  private func sentences(of comparison: Comparison) -> [String] {
    let notes = comparison.notes.filter { note in
      guard let field else { return note.finding != .same && note.finding != .ofServer }
      return note.path.isInside(field) || field.isInside(note.path)
    }
    let single = notes.filter { $0.finding != .ofNobody }
    var lines = single.prefix(Self.mostAlone).map { sentence($0, comparison) }
    if single.count > Self.mostAlone { lines.append("the same may be said of \(single.count - Self.mostAlone) more") }
    let unowned = notes.filter { $0.finding == .ofNobody }.map(\.path.description)
    if !unowned.isEmpty {
      let more = unowned.count > Self.most ? ", and \(unowned.count - Self.most) more" : ""
      lines.append(
        "set by nobody, so defaults or what admission added, and no drift: "
          + unowned.prefix(Self.most).joined(separator: ", ") + more)
    }
    if let field, notes.isEmpty { lines.append("its field \(field) is neither in the manifest nor there") }
    return lines
  }

  private func sentence(_ note: FieldNote, _ comparison: Comparison) -> String {
    let field = "its field \(note.path)"
    switch note.finding {
    case .same: return "\(field) is as the manifest has it"
    case .spelling: return "\(field) is no drift: it is another spelling of the same"
    case .leftOut: return "\(field) is no drift: it is empty in the manifest, and servers leave out what is empty"
    case .ofController: return "\(field) is no drift: \(controller(of: note.path, comparison))"
    case .rewritten: return "\(field) is no drift: it is what the server makes of the manifest's value, by admission"
    case .ignored: return "\(field) isn't compared: it is anybody's"
    case .ofServer: return "\(field) isn't compared: it is the server's own"
    case .ofNobody: return "\(field) is no drift: nobody has set it"
    case .kept: return "\(field) is no drift: a deployment of this environment has set it, or kept it as it was"
    case .differs: return "\(field) is drift: it differs, \(author(of: note.path, comparison))"
    case .gone: return "\(field) is drift: the manifest sets it, and it is gone"
    case .added: return "\(field) is drift: it isn't in the manifest, \(author(of: note.path, comparison))"
    }
  }

  private func controller(of path: FieldPath, _ comparison: Comparison) -> String {
    guard let manager = comparison.controller(of: path)?.manager else { return "a controller has set it" }
    return comparer.ignoredManagers.contains(manager)
      ? "\(manager) has set it, which `ignoreManagers` names" : "\(manager) has set it, a controller of the cluster"
  }

  private func author(of path: FieldPath, _ comparison: Comparison) -> String {
    guard let entry = comparison.author(of: path) else { return "and nobody is recorded for it" }
    return "and \(entry.manager) has set it" + (entry.time.map { ", last at \($0)" } ?? "")
  }
}
