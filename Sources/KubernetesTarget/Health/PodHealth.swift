import Documents
import Kubernetes

/// How a pod is, with the reason that a person needs: `ImagePullBackOff checkout:9f3…`.
struct PodHealth {
  /// Reasons for waiting that don't end by themselves (kubelet, `pkg/kubelet/images` and `container`).
  static let stuck: Set<String> = [
    "ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable",
    "CrashLoopBackOff", "CreateContainerConfigError", "CreateContainerError", "RunContainerError",
  ]

  private let object: KubernetesObject

  init(_ object: KubernetesObject) { self.object = object }

  private var status: Node? { object.root["status"] }

  var health: ObjectHealth {
    switch status?["phase"]?.text {
    case "Succeeded": return .healthy
    case "Failed": return .degraded(trouble ?? status?["reason"]?.text ?? "failed")
    case "Running":
      let isReady = StatusView(object).isTrue("Ready")
      if isReady { return .healthy }
      return trouble.map { .degraded($0) } ?? .progressing("not ready")
    default:
      if let trouble { return .degraded(trouble) }
      return .progressing(unscheduled ?? "starting")
    }
  }

  /// Why no node has it.
  var unscheduled: String? {
    let view = StatusView(object)
    return view.isFalse("PodScheduled") ? view.reason(of: "PodScheduled") ?? "not scheduled" : nil
  }

  /// Why a container doesn't run: the first that doesn't.
  var trouble: String? {
    for container in containers {
      let state = container["state"]
      if let waiting = state?["waiting"], let reason = waiting["reason"]?.text, Self.stuck.contains(reason) {
        return described(reason, container, waiting["message"]?.text)
      }
      if let ended = state?["terminated"], ended["exitCode"]?.scalar?.intValue ?? 0 != 0 {
        let reason = ended["reason"]?.text ?? "Error"
        return described("\(reason) (exit status \(ended["exitCode"]?.text ?? "?"))", container, ended["message"]?.text)
      }
    }
    return nil
  }

  private var containers: [Node] {
    (status?["initContainerStatuses"]?.elements ?? []) + (status?["containerStatuses"]?.elements ?? [])
  }

  private func described(_ reason: String, _ container: Node, _ message: String?) -> String {
    let image = container["image"]?.text ?? container["name"]?.text ?? ""
    let restarts = container["restartCount"]?.scalar?.intValue ?? 0
    let again = restarts > 0 ? ", restarted \(restarts) times" : ""
    return "\(reason) \(image)\(again)" + (message.map { ": \($0.prefix(200))" } ?? "")
  }
}
