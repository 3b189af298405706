/// Manifests that resemble what teams deploy.
enum Manifests {
  static func deployments(_ count: Int, replicas: Int = 3) -> String {
    (0..<count).map { deployment($0, replicas: replicas) }.joined()
  }

  static func json(_ count: Int) -> String {
    let items = (0..<count).map {
      #"{"kind": "Deployment", "metadata": {"name": "service-\#($0)", "labels": {"app": "service-\#($0)"}}, "#
        + #""spec": {"replicas": 3, "template": {"containers": [{"name": "web", "image": "r/web:1.\#($0)", "#
        + #""ports": [{"containerPort": 8080}], "env": [{"name": "LEVEL", "value": "info"}]}]}}}"#
    }
    return "{\"items\": [" + items.joined(separator: ",\n") + "]}"
  }

  private static func deployment(_ number: Int, replicas: Int) -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: service-\(number)
      namespace: shop
      labels:
        app.kubernetes.io/name: service-\(number)
        app.kubernetes.io/part-of: shop
        tier: backend
      annotations:
        prometheus.io/scrape: "true"
        prometheus.io/port: "9102"
    spec:
      replicas: \(replicas)
      revisionHistoryLimit: 5
      selector:
        matchLabels:
          app.kubernetes.io/name: service-\(number)
      strategy:
        type: RollingUpdate
        rollingUpdate: { maxSurge: 25%, maxUnavailable: 0 }
      template:
        metadata:
          labels:
            app.kubernetes.io/name: service-\(number)
        spec:
          # The pool needs a minute to drain.
          terminationGracePeriodSeconds: 60
          containers:
          - name: web
            image: registry.example.com/shop/service-\(number):1.42.\(number)
            args: ["--listen", "0.0.0.0:8080", "--log-level=info"]
            env:
            - name: DATABASE_URL
              value: postgres://shop@db-\(number % 7).internal:5432/shop
            - name: POOL_SIZE
              value: "20"
            - name: SECRET_TOKEN
              valueFrom:
                secretKeyRef: { name: service-\(number), key: token }
            ports:
            - containerPort: 8080
              name: http
            - containerPort: 9102
              name: metrics
            resources:
              requests: { cpu: 100m, memory: 128Mi }
              limits: { memory: 256Mi }
            readinessProbe:
              httpGet:
                path: /healthz
                port: http
              periodSeconds: 5
            volumeMounts:
            - name: config
              mountPath: /etc/service
          volumes:
          - name: config
            configMap:
              name: service-\(number)
    ---

    """
  }
}
