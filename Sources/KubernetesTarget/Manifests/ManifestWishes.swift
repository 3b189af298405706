import Documents
import Kubernetes
import MooringModel

/// What an object asks of whoever deploys it, by its annotations.
///
/// Besides Mooring's own, those of Argo CD (argo-cd.readthedocs.io, "Sync Options", "Resource Hooks", "Sync Phases and
/// Waves"), Flux (fluxcd.io, "Kustomization": `prune`, `reconcile`, `ssa`) and Helm ("Chart Hooks", `resource-policy`) are
/// understood, so that a repository can move over as it is.
struct ManifestWishes: Sendable, Hashable {
  enum Hook: String, Sendable, Hashable {
    /// Before the other objects; a Job is waited for.
    case before
    /// After the others are healthy.
    case after
    /// Not by a deployment: another tool's test, rollback or deletion hook.
    case never
    /// Not at all, though it may be there: another tool's word for an object that is left as it is.
    case leftAlone
  }

  /// When a hook is deleted, besides a Job and a Pod before each is made again.
  enum HookDeletion: String, Sendable, Hashable, CaseIterable {
    case before, succeeded, failed
  }

  /// Objects of lower waves go first.
  var wave = 0
  /// When it is applied, where that isn't with the others.
  var hook: Hook?
  var hookDeletion: Set<HookDeletion> = []
  /// It stays when it is no longer in the release.
  var isKept = false
  /// Pruning it was allowed, also where its kind holds data.
  var mayBePruned = false
  var replacement = Replacement.never
  /// It is made once, and left alone then.
  var isOnlyMade = false
  /// What others add to what it sets is theirs, and no drift.
  var isShared = false
  /// Nothing is said of what others change in it; with a list, of these fields.
  var ignores: Ignores = .nothing
  /// The autoscaler in the same release that says how many replicas it has.
  var scaler: ObjectName?
  /// Names of objects that must be there, and healthy, before this one is applied: `deployment/shop/web`.
  var dependencies: [ObjectName] = []

  /// Where a field can't be changed, whether the object is deleted and made again.
  enum Replacement: Sendable, Hashable {
    case never
    /// Another tool's word: not for what holds other objects or data.
    case whereNothingIsLost
    case always
  }

  enum Ignores: Sendable, Hashable {
    case nothing, everything
    case fields([FieldPath])

    var fields: [FieldPath] {
      switch self {
      case .nothing: []
      case .everything: [.root]
      case .fields(let fields): fields
      }
    }
  }
}

extension ManifestWishes {
  var keeping: ClusterInventory.Keeping { isKept ? .kept : mayBePruned ? .allowed : .ordinary }

  /// - Throws: `Fault` that names the annotation.
  init(_ annotations: Node?, at origin: Manifest.Origin) throws(Fault) {
    guard let annotations else { return }
    var reader = WishReader(annotations: annotations, origin: origin)
    try reader.read(into: &self)
  }
}

/// Reads the annotations of one object.
private struct WishReader {
  let annotations: Node
  let origin: Manifest.Origin

  private func text(_ key: String) -> String? { annotations[key]?.text }

  private func has(_ value: String, in key: String) -> Bool { list(key).contains(value) }

  private func list(_ key: String) -> [String] {
    (text(key) ?? "").split(separator: ",").map { $0.trimmingPrefix(" ").lowercased() }
  }

  private func isOn(_ key: String) -> Bool { text(key) == "true" }

  mutating func read(into wishes: inout ManifestWishes) throws(Fault) {
    wishes.wave = try wave() ?? 0
    wishes.hook = isLeftAlone ? .leftAlone : try hook()
    wishes.hookDeletion = try hookDeletion()
    wishes.isShared = text(Self.ssa)?.lowercased() == "merge"
    let options = "argocd.argoproj.io/sync-options"
    wishes.isKept =
      text("mooring.dev/prune") == "disabled" || text("kustomize.toolkit.fluxcd.io/prune") == "disabled"
      || text("helm.sh/resource-policy") == "keep" || has("prune=false", in: options)
      || has("delete=false", in: options)
    wishes.mayBePruned = text("mooring.dev/prune") == "allowed"
    wishes.replacement = replacement(options)
    wishes.isOnlyMade = text(Self.ssa)?.lowercased() == "ifnotpresent"
    wishes.ignores = try ignores()
    wishes.dependencies = try dependencies()
  }

  /// Argo CD's `Replace=true` deletes nothing: it has the whole object written, for those that are too large for an
  /// annotation.
  private func replacement(_ options: String) -> ManifestWishes.Replacement {
    if text("mooring.dev/replace") != nil { return isOn("mooring.dev/replace") ? .always : .never }
    let isForced =
      text("kustomize.toolkit.fluxcd.io/force")?.lowercased() == "enabled" || has("force=true", in: options)
    return isForced ? .whereNothingIsLost : .never
  }

  private func wave() throws(Fault) -> Int? {
    for key in ["mooring.dev/wave", "argocd.argoproj.io/sync-wave", "helm.sh/hook-weight"] {
      guard let text = text(key) else { continue }
      guard let wave = Int(text), abs(wave) <= 1_000_000 else { throw fault(key, "should be a whole number") }
      return wave
    }
    return nil
  }

  private static let ssa = "kustomize.toolkit.fluxcd.io/ssa"

  private var isLeftAlone: Bool {
    text("kustomize.toolkit.fluxcd.io/reconcile")?.lowercased() == "disabled"
      || text(Self.ssa)?.lowercased() == "ignore"
  }

  /// Argo CD's `HookSucceeded`, Helm's `hook-succeeded`; what we don't know of theirs they may have said to others.
  private func hookDeletion() throws(Fault) -> Set<ManifestWishes.HookDeletion> {
    let own = "mooring.dev/hook-delete"
    if text(own) != nil {
      let words = list(own)
      let known = words.compactMap(ManifestWishes.HookDeletion.init)
      guard known.count == words.count else { throw fault(own, "should be of `before`, `succeeded` and `failed`") }
      return Set(known)
    }
    let words = list("argocd.argoproj.io/hook-delete-policy") + list("helm.sh/hook-delete-policy")
    let policies: [ManifestWishes.HookDeletion: [String]] = [
      .before: ["beforehookcreation", "before-hook-creation"], .succeeded: ["hooksucceeded", "hook-succeeded"],
      .failed: ["hookfailed", "hook-failed"],
    ]
    return Set(policies.filter { $0.value.contains(where: words.contains) }.keys)
  }

  private func hook() throws(Fault) -> ManifestWishes.Hook? {
    if let own = text("mooring.dev/hook") {
      guard let hook = ManifestWishes.Hook(rawValue: own), hook == .before || hook == .after else {
        throw fault("mooring.dev/hook", "should be `before` or `after`")
      }
      return hook
    }
    let argo = list("argocd.argoproj.io/hook")
    let helm = list("helm.sh/hook")
    if argo.isEmpty && helm.isEmpty { return nil }
    if argo.contains("presync") || helm.contains("pre-install") || helm.contains("pre-upgrade") { return .before }
    if argo.contains("postsync") || helm.contains("post-install") || helm.contains("post-upgrade") { return .after }
    // `Sync` hooks go with the others, and so do Helm's definitions of custom resources.
    return argo.contains("sync") || helm.contains("crd-install") ? nil : .never
  }

  private func ignores() throws(Fault) -> ManifestWishes.Ignores {
    guard let text = text("mooring.dev/ignore") else { return .nothing }
    if text == "true" { return .everything }
    var fields: [FieldPath] = []
    for part in text.split(whereSeparator: { $0 == "," || $0.isNewline }) {
      let written = part.trimmingPrefix { $0 == " " }
      do { fields.append(try FieldPath(parsing: String(written))) } catch {
        throw fault("mooring.dev/ignore", "should be `true` or fields as in `spec.replicas`: \(error)")
      }
    }
    return .fields(fields)
  }

  private func dependencies() throws(Fault) -> [ObjectName] {
    let own = (text("mooring.dev/depends-on") ?? "").split(separator: ",").map { part in
      ObjectName(written: String(part.trimmingPrefix { $0 == " " }))
    }
    return try own + others("config.kubernetes.io/depends-on")
  }

  /// `apps/namespaces/shop/Deployment/web` and `rbac.authorization.k8s.io/ClusterRole/view` (kustomize's cli-utils,
  /// "depends-on").
  private func others(_ key: String) throws(Fault) -> [ObjectName] {
    var names: [ObjectName] = []
    for part in (text(key) ?? "").split(separator: ",") {
      let parts = part.trimmingPrefix { $0 == " " }.split(separator: "/", omittingEmptySubsequences: false)
        .map(String.init)
      switch parts.count {
      case 5 where parts[1] == "namespaces": names.append(name(parts[0], parts[3], parts[2], parts[4]))
      case 3: names.append(name(parts[0], parts[1], nil, parts[2]))
      default: throw fault(key, "should be as in `apps/namespaces/shop/Deployment/web`")
      }
    }
    return names
  }

  private func name(_ group: String, _ kind: String, _ namespace: String?, _ name: String) -> ObjectName {
    ObjectName(
      ObjectReference(
        GroupVersionKind(GroupVersion(group: group, version: "v1"), kind), namespace: namespace, name: name))
  }

  private func fault(_ key: String, _ what: String) -> Fault {
    Fault(
      .refusedContent, "the annotation \(key) \(what)", at: origin.description, remedy: "correct it in the repository")
  }
}
