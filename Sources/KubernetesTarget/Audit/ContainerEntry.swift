import Kubernetes
import MooringModel

/// Somebody went into a container, or reached what it serves: nothing differs by it, and a person wants to know.
struct ContainerEntry: Hashable, Sendable {
  let id: String
  let namespace: String
  let pod: String
  let by: Attribution

  private static let subresources: Set<String> = ["exec", "attach", "portforward"]

  /// - Returns: `nil` for anything else, and for what the server refused.
  init?(_ event: AuditEvent) {
    guard let object = event.object, object.resource == "pods", object.group.isEmpty,
      let part = object.subresource, Self.subresources.contains(part),
      // The server says that it began, and when it has ended; a connection that is switched over is answered with 101.
      ["ResponseStarted", "ResponseComplete"].contains(event.stage), let code = event.code,
      code == 101 || (200..<300).contains(code), let namespace = object.namespace, let pod = object.name,
      let received = Timestamp(parsing: event.received)
    else { return nil }
    id = event.id
    self.namespace = namespace
    self.pod = pod
    by = RecordedWrite.attribution(of: event, at: received, .certain)
  }

  /// The pod, as objects are called.
  var object: ObjectName { ObjectName(path: "pod/\(namespace)/\(pod)".utf8) }

  /// Whether the pod is one of these workloads', or one of them itself: controllers name pods after what they are of.
  func isOf(_ workloads: Set<Identity>) -> Bool {
    workloads.contains { workload in
      guard workload.namespace == namespace else { return false }
      if workload.kind.kind == "Pod" { return workload.name == pod }
      return Self.kinds.contains(workload.kind.kind) && pod.hasPrefix(workload.name + "-")
    }
  }

  private static let kinds: Set<String> = [
    "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Rollout",
  ]
}
