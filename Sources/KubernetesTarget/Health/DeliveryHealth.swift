import Documents
import Kubernetes

/// How far a progressive delivery is that another controller carries out.
struct DeliveryHealth {
  private let view: StatusView

  init(_ view: StatusView) { self.view = view }

  private var message: String? { view.text("message") }

  /// Argo Rollouts: `status.phase` (argo-rollouts.readthedocs.io, "Rollout status").
  var rollout: ObjectHealth {
    switch view.text("phase") {
    case "Healthy": .healthy
    case "Degraded": .degraded(message ?? "the rollout is degraded")
    case "Paused": ObjectHealth(.suspended, message ?? "paused")
    default: .progressing(message ?? "rolling out")
    }
  }

  /// Flagger: `status.phase` (docs.flagger.app, "Canary status").
  var canary: ObjectHealth {
    switch view.text("phase") {
    case "Initialized", "Succeeded": .healthy
    case "Failed": .degraded(view.reason(of: "Promoted") ?? "the canary failed")
    case "Waiting", "WaitingPromotion": ObjectHealth(.suspended, "waits for approval")
    default: .progressing(view.reason(of: "Promoted") ?? "the canary is being analysed")
    }
  }
}
