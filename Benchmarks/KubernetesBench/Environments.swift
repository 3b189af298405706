import Documents
import Kubernetes

/// What teams deploy: a Deployment scaled to zero, with its ServiceAccount, Service and Ingress.
struct Environments {
  let namespace: String
  let count: Int

  static let kinds = [
    GroupVersionKind(apiVersion: "apps/v1", kind: "Deployment"),
    GroupVersionKind(apiVersion: "v1", kind: "ServiceAccount"),
    GroupVersionKind(apiVersion: "v1", kind: "Service"),
    GroupVersionKind(apiVersion: "networking.k8s.io/v1", kind: "Ingress"),
  ]

  /// References and YAML, four for each.
  func objects() throws -> [(ObjectReference, Node)] {
    try (0..<count).flatMap { number in
      let name = "service-\(number)"
      return try Document.parse(Array(Self.text(name).utf8), as: .yaml).enumerated().map { index, document in
        (ObjectReference(Self.kinds[index], namespace: namespace, name: name), document.root)
      }
    }
  }

  private static func text(_ name: String) -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: \(name), labels: { app: \(name), tier: backend } }
    spec:
      replicas: 0
      selector: { matchLabels: { app: \(name) } }
      template:
        metadata: { labels: { app: \(name) } }
        spec:
          serviceAccountName: \(name)
          containers:
          - name: web
            image: registry.example.com/shop/\(name):1.42
            env: [{ name: LEVEL, value: info }, { name: POOL_SIZE, value: "20" }]
            ports: [{ containerPort: 8080, name: http, protocol: TCP }]
            resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { memory: 256Mi } }
            readinessProbe: { httpGet: { path: /healthz, port: http }, periodSeconds: 5 }
    ---
    apiVersion: v1
    kind: ServiceAccount
    metadata: { name: \(name), labels: { app: \(name) } }
    ---
    apiVersion: v1
    kind: Service
    metadata: { name: \(name), labels: { app: \(name) } }
    spec: { selector: { app: \(name) }, ports: [{ port: 80, targetPort: http, protocol: TCP, name: http }] }
    ---
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: { name: \(name), labels: { app: \(name) } }
    spec:
      rules:
      - host: \(name).example.com
        http:
          paths: [{ path: /, pathType: Prefix, backend: { service: { name: \(name), port: { name: http } } } }]
    """
  }
}
