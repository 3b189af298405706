import Kubernetes

extension FuzzTarget {
  /// What an API server, or whoever has its token, posts to the audit webhook.
  static let audit: [FuzzTarget] = [
    FuzzTarget(
      name: "audit-events",
      seeds: [
        #"""
        {"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[{"level":"Metadata","auditID":"a",
        "stage":"ResponseComplete","requestURI":"/apis/apps/v1/namespaces/n/deployments/web?fieldManager=kubectl%2Dedit",
        "verb":"patch","user":{"username":"ann","groups":["devs"]},"impersonatedUser":{"username":"bob"},
        "sourceIPs":["192.0.2.1"],"userAgent":"kubectl/v1.37.1","objectRef":{"resource":"deployments","namespace":"n",
        "name":"web","apiGroup":"apps","apiVersion":"v1","subresource":"scale"},"responseStatus":{"code":200},
        "requestReceivedTimestamp":"2026-11-25T12:23:41.518169Z","stageTimestamp":"2026-11-25T12:23:41.520527Z",
        "annotations":{"authorization.k8s.io/reason":"RBAC: allowed"}}]}
        """#
      ],
      words: ["\"items\":[", "\"user\":{", "?dryRun=All", "&fieldManager=", "%0A", "\\u0000", "\"code\":1e400"]
    ) { bytes in
      let list = try AuditEventList(parsing: bytes)
      for event in list.events {
        let texts =
          [event.id, event.stage, event.verb, event.user.name, event.userAgent, event.fieldManager]
          + event.user.groups + event.addresses + [event.impersonated?.name, event.object?.name].compactMap { $0 }
        hold(texts.allSatisfy { $0.count <= 257 && !$0.contains(where: \.isNewline) }, "a text isn't one short line")
        hold(event.user.groups.count <= 20 && event.addresses.count <= 4, "more than are kept")
      }
    }
  ]
}
