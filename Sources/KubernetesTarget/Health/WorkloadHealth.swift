import Documents
import Kubernetes

/// How far the controllers of Kubernetes' own workloads are.
struct WorkloadHealth {
  private let view: StatusView

  init(_ view: StatusView) { self.view = view }

  private var spec: Node? { view.object.root["spec"] }
  private var wanted: Int64 { spec?["replicas"]?.scalar?.intValue ?? 1 }
  private func count(_ field: String) -> Int64 { view.integer(field) ?? 0 }

  var deployment: ObjectHealth {
    if view.isFalse("Progressing"), view.condition("Progressing")?["reason"]?.text == "ProgressDeadlineExceeded" {
      return .degraded(view.reason(of: "Progressing") ?? "its progress deadline is exceeded")
    }
    guard let left else { return .healthy }
    return isPaused ? ObjectHealth(.suspended, "it is paused: \(left)") : .progressing(left)
  }

  private var isPaused: Bool { spec?["paused"]?.scalar?.boolValue == true }

  /// What a Deployment's rollout still lacks.
  private var left: String? {
    // A quota may have room again: the deadline, its own or ours, is what ends it.
    if view.isTrue("ReplicaFailure") { return view.reason(of: "ReplicaFailure") ?? "can't make pods" }
    let (updated, available) = (count("updatedReplicas"), count("availableReplicas"))
    if updated < wanted { return "\(updated) of \(wanted) replicas are updated" }
    if count("replicas") > updated { return "\(count("replicas") - updated) old replicas are ending" }
    if available < updated { return "\(available) of \(updated) updated replicas are available" }
    // Of none nothing is left to be seen.
    guard wanted > 0 else { return nil }
    if count("readyReplicas") < wanted { return "\(count("readyReplicas")) of \(wanted) replicas are ready" }
    if spec?["progressDeadlineSeconds"] != nil, !isPaused,
      view.condition("Progressing")?["reason"]?.text != "NewReplicaSetAvailable"
    {
      return view.reason(of: "Progressing") ?? "its new replicas haven't been available yet"
    }
    return view.isTrue("Available") ? nil : view.reason(of: "Available") ?? "not available"
  }

  var statefulSet: ObjectHealth {
    if spec?["updateStrategy"]?["type"]?.text == "OnDelete" { return .healthy }
    let ready = count("readyReplicas")
    if ready < wanted { return .progressing("\(ready) of \(wanted) replicas are ready") }
    if count("replicas") > wanted { return .progressing("\(count("replicas") - wanted) replicas too many") }
    if let partition = spec?["updateStrategy"]?["rollingUpdate"]?["partition"]?.scalar?.intValue {
      let updated = count("updatedReplicas")
      return updated < wanted - partition
        ? .progressing("\(updated) of \(wanted - partition) replicas are updated") : .healthy
    }
    let current = count("currentReplicas")
    if current < wanted { return .progressing("\(current) of \(wanted) replicas are current") }
    return view.text("currentRevision") == view.text("updateRevision")
      ? .healthy : .progressing("replicas are being updated")
  }

  var daemonSet: ObjectHealth {
    // A new one says that it is to be on no node.
    guard let desired = view.integer("desiredNumberScheduled"), view.observed != nil else {
      return .progressing("not scheduled yet")
    }
    let current = count("currentNumberScheduled")
    if current < desired { return .progressing("on \(current) of \(desired) nodes") }
    if spec?["updateStrategy"]?["type"]?.text != "OnDelete", count("updatedNumberScheduled") < desired {
      return .progressing("\(count("updatedNumberScheduled")) of \(desired) nodes are updated")
    }
    let available = count("numberAvailable")
    if available < desired { return .progressing("available on \(available) of \(desired) nodes") }
    let ready = count("numberReady")
    return ready < desired ? .progressing("ready on \(ready) of \(desired) nodes") : .healthy
  }

  var replicaSet: ObjectHealth {
    if view.isTrue("ReplicaFailure") { return .progressing(view.reason(of: "ReplicaFailure") ?? "can't make pods") }
    let available = min(count("availableReplicas"), count("readyReplicas"))
    if available < wanted { return .progressing("\(available) of \(wanted) replicas are available") }
    return count("replicas") > wanted ? .progressing("\(count("replicas") - wanted) replicas too many") : .healthy
  }

  func job(_ jobs: HealthRules.Jobs) -> ObjectHealth {
    if view.isTrue("Failed") { return .degraded(view.reason(of: "Failed") ?? "failed") }
    if view.isTrue("Complete") { return .healthy }
    if view.isTrue("Suspended") || spec?["suspend"]?.scalar?.boolValue == true {
      return ObjectHealth(.suspended, "suspended")
    }
    if jobs == .started { return view.status?["startTime"] == nil ? .progressing("not started yet") : .healthy }
    let wanted = spec?["completions"]?.scalar?.intValue ?? 1
    return .progressing("\(count("succeeded")) of \(wanted) pods have succeeded")
  }
}
