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
    if spec?["paused"]?.scalar?.boolValue == true { return ObjectHealth(.suspended, "paused") }
    if view.isFalse("Progressing"), view.condition("Progressing")?["reason"]?.text == "ProgressDeadlineExceeded" {
      return .degraded(view.reason(of: "Progressing") ?? "its progress deadline is exceeded")
    }
    if view.isTrue("ReplicaFailure") { return .degraded(view.reason(of: "ReplicaFailure") ?? "can't make pods") }
    let updated = count("updatedReplicas")
    if updated < wanted { return .progressing("\(updated) of \(wanted) replicas are updated") }
    if count("replicas") > updated { return .progressing("\(count("replicas") - updated) old replicas are ending") }
    let available = count("availableReplicas")
    if available < updated { return .progressing("\(available) of \(updated) updated replicas are available") }
    if view.condition("Available") != nil, !view.isTrue("Available") {
      return .progressing(view.reason(of: "Available") ?? "not available")
    }
    return .healthy
  }

  var statefulSet: ObjectHealth {
    if spec?["updateStrategy"]?["type"]?.text == "OnDelete" { return .healthy }
    let ready = count("readyReplicas")
    if ready < wanted { return .progressing("\(ready) of \(wanted) replicas are ready") }
    if count("replicas") > wanted { return .progressing("\(count("replicas") - wanted) replicas too many") }
    let partition = spec?["updateStrategy"]?["rollingUpdate"]?["partition"]?.scalar?.intValue ?? 0
    if partition > 0 {
      let updated = count("updatedReplicas")
      return updated < wanted - partition
        ? .progressing("\(updated) of \(wanted - partition) replicas are updated") : .healthy
    }
    guard let update = view.text("updateRevision"), wanted > 0 else { return .healthy }
    return view.text("currentRevision") == update ? .healthy : .progressing("replicas are being updated")
  }

  var daemonSet: ObjectHealth {
    guard let desired = view.integer("desiredNumberScheduled") else { return .progressing("not scheduled yet") }
    if spec?["updateStrategy"]?["type"]?.text != "OnDelete", count("updatedNumberScheduled") < desired {
      return .progressing("\(count("updatedNumberScheduled")) of \(desired) nodes are updated")
    }
    let available = count("numberAvailable")
    return available < desired ? .progressing("available on \(available) of \(desired) nodes") : .healthy
  }

  var replicaSet: ObjectHealth {
    if view.isTrue("ReplicaFailure") { return .degraded(view.reason(of: "ReplicaFailure") ?? "can't make pods") }
    let available = count("availableReplicas")
    if available < wanted { return .progressing("\(available) of \(wanted) replicas are available") }
    return count("replicas") > wanted ? .progressing("\(count("replicas") - wanted) replicas too many") : .healthy
  }

  var job: ObjectHealth {
    if view.isTrue("Failed") { return .degraded(view.reason(of: "Failed") ?? "failed") }
    if view.isTrue("Complete") { return .healthy }
    if view.isTrue("Suspended") { return ObjectHealth(.suspended, "suspended") }
    let wanted = spec?["completions"]?.scalar?.intValue ?? 1
    return .progressing("\(count("succeeded")) of \(wanted) pods have succeeded")
  }
}
