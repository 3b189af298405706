import Documents
import Kubernetes

/// Says how objects are from what their controllers report.
///
/// The rules are those of kstatus (github.com/kubernetes-sigs/cli-utils, `pkg/kstatus/status`: "core.go"), with Argo
/// Rollouts' and Flagger's own phases besides. Kinds that nothing is known of are judged by their conditions.
/// `docs/kubernetes.md`, "Health", says where they differ.
struct HealthRules: Sendable {
  /// When a Job is as it should be.
  enum Jobs: Sendable {
    /// As kstatus has it: most are there to run for long.
    case started
    /// What waits for one, waits for what it does.
    case finished
  }

  /// What the operator says of kinds, before anything else.
  let configured: [ConfiguredHealth]
  var jobs = Jobs.started

  init(_ configured: [ConfiguredHealth] = []) { self.configured = configured }

  func awaiting(_ jobs: Jobs) -> HealthRules {
    var rules = self
    rules.jobs = jobs
    return rules
  }

  func health(of object: KubernetesObject) -> ObjectHealth {
    if object.deletionTimestamp != nil { return .progressing("being deleted") }
    let view = StatusView(object)
    if let lag = view.lag { return .progressing(lag) }
    if let rule = rule(for: object.kind.groupKind) { return rule.health(of: object) }
    return byKind(view) ?? view.conditionHealth
  }

  /// Of the object as it is now.
  func health(
    of reference: ObjectReference, by client: APIClient
  ) async throws(KubernetesError) -> ObjectHealth {
    guard let object = try await client.find(reference) else { return ObjectHealth(.missing, "not there") }
    let health = health(of: object)
    guard let target = CanaryTarget(object), rule(for: object.kind.groupKind) == nil,
      try await target.isAhead(of: health.status, by: client)
    else { return health }
    return .progressing("Flagger hasn't taken up the last change of \(target.reference.name) yet")
  }

  /// Whether the object alone doesn't say how it is.
  func needsOthers(_ kind: GroupVersionKind) -> Bool {
    rule(for: kind.groupKind) != nil || CanaryTarget.applies(to: kind)
  }

  func rule(for kind: GroupKind) -> ConfiguredHealth? { configured.last { $0.applies(to: kind) } }

  private func byKind(_ view: StatusView) -> ObjectHealth? {
    let kind = view.object.kind
    switch (kind.group, kind.kind) {
    case ("apps", "Deployment"), ("extensions", "Deployment"): return WorkloadHealth(view).deployment
    case ("apps", "StatefulSet"): return WorkloadHealth(view).statefulSet
    case ("apps", "DaemonSet"), ("extensions", "DaemonSet"): return WorkloadHealth(view).daemonSet
    case ("apps", "ReplicaSet"), ("", "ReplicationController"): return WorkloadHealth(view).replicaSet
    case ("batch", "Job"): return WorkloadHealth(view).job(jobs)
    case ("", "Pod"): return PodHealth(view.object).health
    case ("", "PersistentVolumeClaim"):
      let phase = view.text("phase") ?? "Pending"
      return phase == "Bound" ? .healthy : phase == "Lost" ? .degraded("its volume is lost") : .progressing("not bound")
    case ("apiextensions.k8s.io", "CustomResourceDefinition"): return Self.definition(view)
    case ("apiregistration.k8s.io", "APIService"):
      return view.isTrue("Available") ? .healthy : .progressing(view.reason(of: "Available") ?? "not available")
    case ("argoproj.io", "Rollout"): return DeliveryHealth(view).rollout
    case ("flagger.app", "Canary"): return DeliveryHealth(view).canary
    // Of one with a load balancer kstatus wants the address within the cluster, which the server gives it.
    case ("", "Service"), ("", "Namespace"), ("", "ConfigMap"), ("", "Secret"), ("", "ServiceAccount"),
      ("batch", "CronJob"):
      return .healthy
    default: return nil
    }
  }

  private static func definition(_ view: StatusView) -> ObjectHealth {
    if view.isFalse("NamesAccepted") {
      return .degraded(view.reason(of: "NamesAccepted") ?? "its names aren't accepted")
    }
    return view.isTrue("Established") ? .healthy : .progressing("not established yet")
  }
}

/// What an operator says of a kind: it is healthy when a field has a value.
///
/// `health: [ { kind: Certificate.cert-manager.io, field: "status.conditions[type=Ready].status", is: "True" } ]`
struct ConfiguredHealth: Sendable, Hashable {
  /// `Certificate.cert-manager.io`, or `Certificate` of any group.
  var kind: String
  var field: FieldPath
  var healthy: [String]
  /// Values that will not become healthy by themselves.
  var degraded: [String] = []

  func applies(to kind: GroupKind) -> Bool { self.kind == kind.kind || self.kind == kind.description }

  func health(of object: KubernetesObject) -> ObjectHealth {
    let value = object.root[field].map(\.text)
    guard let value else { return .progressing("\(field) isn't there yet") }
    if healthy.contains(value) { return .healthy }
    return degraded.contains(value) ? .degraded("\(field) is \(value)") : .progressing("\(field) is \(value)")
  }
}
