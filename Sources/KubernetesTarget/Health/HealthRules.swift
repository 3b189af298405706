import Documents
import Kubernetes

/// Says how objects are from what their controllers report.
///
/// The rules are those of kstatus (github.com/kubernetes-sigs/cli-utils, `pkg/kstatus`: "status" and "core.go"), with Argo
/// Rollouts' and Flagger's own phases besides. Kinds that nothing is known of are judged by their conditions.
struct HealthRules: Sendable {
  /// What the operator says of kinds, before anything else.
  let configured: [ConfiguredHealth]

  init(_ configured: [ConfiguredHealth] = []) { self.configured = configured }

  func health(of object: KubernetesObject) -> ObjectHealth {
    if object.deletionTimestamp != nil { return .progressing("being deleted") }
    if let rule = configured.last(where: { $0.applies(to: object.kind.groupKind) }) { return rule.health(of: object) }
    let view = StatusView(object)
    if let observed = view.integer("observedGeneration"), let generation = object.generation, observed < generation {
      return .progressing("its controller hasn't seen the last change yet")
    }
    return Self.byKind(view) ?? view.conditionHealth
  }

  /// Of the object as it is now.
  func health(
    of reference: ObjectReference, by client: APIClient
  ) async throws(KubernetesError) -> ObjectHealth {
    try await client.find(reference).map(health) ?? ObjectHealth(.missing, "not there")
  }

  private static func byKind(_ view: StatusView) -> ObjectHealth? {
    let kind = view.object.kind
    switch (kind.group, kind.kind) {
    case ("apps", "Deployment"), ("extensions", "Deployment"): return WorkloadHealth(view).deployment
    case ("apps", "StatefulSet"): return WorkloadHealth(view).statefulSet
    case ("apps", "DaemonSet"), ("extensions", "DaemonSet"): return WorkloadHealth(view).daemonSet
    case ("apps", "ReplicaSet"), ("", "ReplicationController"): return WorkloadHealth(view).replicaSet
    case ("batch", "Job"): return WorkloadHealth(view).job
    case ("", "Pod"): return PodHealth(view.object).health
    case ("", "PersistentVolumeClaim"):
      let phase = view.text("phase") ?? "Pending"
      return phase == "Bound" ? .healthy : phase == "Lost" ? .degraded("its volume is lost") : .progressing("not bound")
    case ("", "Service"): return service(view)
    case ("apiextensions.k8s.io", "CustomResourceDefinition"): return definition(view)
    case ("apiregistration.k8s.io", "APIService"):
      return view.isTrue("Available") ? .healthy : .progressing(view.reason(of: "Available") ?? "not available")
    case ("argoproj.io", "Rollout"): return DeliveryHealth(view).rollout
    case ("flagger.app", "Canary"): return DeliveryHealth(view).canary
    case ("", "Namespace"), ("", "ConfigMap"), ("", "Secret"), ("", "ServiceAccount"), ("batch", "CronJob"):
      return .healthy
    default: return nil
    }
  }

  private static func service(_ view: StatusView) -> ObjectHealth {
    guard view.object.root["spec"]?["type"]?.text == "LoadBalancer" else { return .healthy }
    let entries = view.status?["loadBalancer"]?["ingress"]?.elements ?? []
    return entries.isEmpty ? .progressing("its load balancer has no address yet") : .healthy
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
