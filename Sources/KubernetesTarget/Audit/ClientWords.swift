import Kubernetes

/// What somebody did, in the words in which they did it: `kubectl edit`, `kubectl scale`, `helm`.
///
/// The client's own account of itself: a hint, as the user agent and the field manager are.
enum ClientWords {
  static func words(for event: AuditEvent) -> String? {
    let program = String(event.userAgent.prefix { $0 != "/" && $0 != " " }.prefix(64))
    let manager = event.fieldManager
    // The user agent has the name of the file that ran, which may be any.
    guard program == "kubectl" || manager.hasPrefix("kubectl") else {
      return [program, manager].first { !$0.isEmpty }
    }
    return "kubectl \(verb(of: event))"
  }

  /// Subresources and field managers of kubectl (kubernetes/kubectl, `pkg/cmd`, `fieldManager`).
  private static func verb(of event: AuditEvent) -> String {
    switch event.object?.subresource {
    case "portforward": return "port-forward"
    case "ephemeralcontainers": return "debug"
    case "eviction": return "drain"
    case let part? where ["exec", "attach", "scale"].contains(part): return part
    default: break
    }
    if event.verb.hasPrefix("delete") { return "delete" }
    switch event.fieldManager {
    case "kubectl-client-side-apply": return "apply"
    // Server-side apply is the one command that calls itself no more than that.
    case "kubectl" where event.verb == "patch": return "apply"
    case let manager where manager.hasPrefix("kubectl-"):
      let word = manager.dropFirst("kubectl-".count)
      if !word.isEmpty, word.count <= 32, word.allSatisfy({ $0.isLetter || $0 == "-" }) { return String(word) }
    default: break
    }
    return event.verb == "update" ? "replace" : event.verb
  }
}
