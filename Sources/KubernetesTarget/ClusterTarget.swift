import Kubernetes
import MooringModel

/// An environment in a cluster.
///
/// A deployment's steps mean here: `materialise` reads the manifests and refuses what can't be applied; `validate` has the
/// server say what it would do; `activate` applies stage after stage and prunes; `reload` and `retire` do nothing.
/// Whatever is applied or deleted is in the inventory before, so that a step which is stopped can be repeated. Every
/// error is a `Fault`.
actor ClusterTarget: Target {
  let options: KubernetesTargetOptions
  let environment: EnvironmentName
  let cluster: Cluster
  let judgements = Judgements()
  let rewritings = Rewritings()
  var watching: Watching?
  /// The inventory as it was read or written last, for the steps of one plan: it is written only over what was read.
  var stored: InventoryStore.Stored?
  let lease: EnvironmentLease
  /// The manifests that were read last, and those of the release that was looked at last.
  private var known: Known?
  private var baseline: Known?
  /// Of a release that becomes healthy, the objects that weren't when they were last asked about.
  var unready: (digest: ReleaseDigest, references: [ObjectReference])?
  /// What was said last of an object that isn't healthy.
  var told: ObjectTrouble.Told?
  /// When objects were looked at.
  var lookTimes = LookTimes()

  private struct Known {
    var digest: ReleaseDigest
    var manifests: ManifestSet
    var identity: @Sendable ([UInt8]) throws -> ContentID
    /// Of each manifest as it is sent, once somebody has asked.
    var applied: [Identity: ContentID]?
  }

  init(
    _ options: KubernetesTargetOptions, environment: EnvironmentName, cluster: Cluster, lease: EnvironmentLease
  ) {
    self.options = options
    self.environment = environment
    self.cluster = cluster
    self.lease = lease
  }

  nonisolated var owner: ObjectOwner { ObjectOwner(environment: environment.string, namespace: options.namespace) }

  /// The field manager of what is applied, by which the server knows two environments apart.
  nonisolated var manager: String { owner.manager }

  nonisolated var comparer: ObjectComparer {
    ObjectComparer(manager: manager, ignoredManagers: options.ignoredManagers, rewritings: rewritings)
  }

  nonisolated var coordination: (any Coordination)? { lease }

  /// What every write asks first.
  nonisolated var permit: WritePermit { WritePermit { [lease] () throws(Fault) in try lease.check() } }

  /// The release that was applied last, whole.
  func observe() async throws -> Observation {
    let isNone = await lease.foundNoInventory()
    let stored = isNone ? .none : try await store().read()
    self.stored = stored
    let release = stored.inventory.pending == nil ? stored.inventory.release : nil
    return Observation(deployed: release, retained: release.map { [$0] } ?? [])
  }

  func carryOut(_ step: Step, of plan: Plan, contents: any ReleaseContents) async throws -> StepReport {
    do {
      return try await report(of: step, plan, contents)
    } catch let fault as Fault {
      throw fault
    } catch let error as KubernetesError {
      throw Fault(error, at: cluster.place)
    } catch is CancellationError {
      throw Fault(.interrupted, "the step was interrupted", at: cluster.place, remedy: "repeat it")
    } catch {
      throw Fault(.unexpected, "\(error)", at: cluster.place)
    }
  }

  /// What was interrupted is repeated as a whole: applying twice is harmless.
  func recover() {}

  private func report(of step: Step, _ plan: Plan, _ contents: any ReleaseContents) async throws -> StepReport {
    switch step {
    case .materialise: try await materialise(plan, contents)
    case .validate: try await validate(plan, contents)
    case .activate(let digest, let expected): try await activate(digest, expecting: expected, plan, contents)
    case .reload: StepReport(step: .reload, summary: "nobody is to be told")
    case .retire: StepReport(step: .retire, summary: "nothing to remove")
    case .restore(let restorations): try await restore(restorations, contents, sparing: plan.spared)
    }
  }

  // MARK: What steps share

  func store() async throws -> InventoryStore {
    guard manager.utf8.count <= KubernetesTargetOptions.longestFieldManager else {
      throw Fault(
        .configuration, "the names of the environment and of its namespace are too long together", at: manager,
        remedy: "call it by at most \(KubernetesTargetOptions.longestFieldManager - 9) bytes in all")
    }
    return try InventoryStore(
      client: try await cluster.client(), namespace: options.namespace, environment: environment, permit: permit)
  }

  /// The objects of a release, with the namespaces that they go to.
  func manifests(of contents: any ReleaseContents) async throws -> ManifestSet {
    if let baseline, baseline.digest == contents.digest, known?.digest != contents.digest { known = baseline }
    if let known, known.digest == contents.digest { return known.manifests }
    let drafts = try ManifestReader(limits: ManifestLimits(), cache: cluster.manifests).read(contents)
    let manifests = try ManifestSet(
      drafts, within: ManifestReach(options), scopes: try await scopes(of: Set(drafts.map(\.kind))))
    known = Known(digest: contents.digest, manifests: manifests, identity: { try contents.identity(of: $0) })
    return manifests
  }

  /// From now on objects are compared with this release.
  func compare(with contents: any ReleaseContents) async throws -> ManifestSet {
    let manifests = try await manifests(of: contents)
    if baseline?.digest != contents.digest {
      baseline = Known(digest: contents.digest, manifests: manifests, identity: { try contents.identity(of: $0) })
    }
    if judgements.digest != contents.digest {
      judgements.begin(contents.digest, manifests, judge(by: contents), keeping: { _ in false })
    }
    return manifests
  }

  /// Of each object as it is sent.
  func appliedIdentities(_ contents: any ReleaseContents) async throws -> [Identity: ContentID] {
    let manifests = try await manifests(of: contents)
    if let known, known.digest == contents.digest, let applied = known.applied { return applied }
    var applied: [Identity: ContentID] = [:]
    for manifest in manifests.manifests where manifest.wishes.hook == nil {
      applied[Identity(manifest.reference)] = try identity(of: manifest, contents)
    }
    if known?.digest == contents.digest { known?.applied = applied }
    return applied
  }

  func comparedManifest(_ name: ObjectName) -> Manifest? { baseline?.manifests[name] }

  var comparedKinds: Set<GroupVersionKind> { baseline?.manifests.kinds ?? [] }

  func comparedIdentity(_ bytes: [UInt8]) throws -> ContentID? { try baseline?.identity(bytes) }

  /// Whether kinds are namespaced. A kind that the server doesn't have is looked for once more: it may be new.
  private func scopes(of kinds: Set<GroupVersionKind>) async throws -> [GroupVersionKind: Bool] {
    let client = try await cluster.client()
    var scopes: [GroupVersionKind: Bool] = [:]
    for kind in kinds {
      do {
        scopes[kind] = try await client.resource(for: kind).isNamespaced
      } catch {
        guard error.code == .unsupported || error.code == .notFound else { throw Fault(error, at: cluster.place) }
      }
    }
    return scopes
  }
}
