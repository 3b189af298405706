import Documents
import Kubernetes

extension FuzzTarget {
  static let kubernetes: [FuzzTarget] = [
    FuzzTarget(
      name: "kubeconfig",
      seeds: [
        """
        current-context: a
        contexts: [{name: a, context: {cluster: a, user: a, namespace: shop}}]
        clusters: [{name: a, cluster: {server: "https://h:6443/x", tls-server-name: b, proxy-url: "socks5://p:1"}}]
        users: [{name: a, user: {username: u, password: p}}]
        """,
        """
        current-context: a
        contexts: [{name: a, context: {cluster: a, user: a}}]
        clusters: [{name: a, cluster: {server: "http://[::1]", insecure-skip-tls-verify: true}}]
        users: [{name: a, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: c, args: [x], env: []}}}]
        """,
      ],
      words: ["certificate-authority-data: ", "client-key-data: ", "tokenFile: ", "auth-provider: ", "token: "]
    ) { bytes in
      let config = try Kubeconfig(parsing: bytes, file: "config")
      let policy = AccessPolicy(execPrograms: ["c"], allowsInsecure: true)
      for context in config.contexts.prefix(10) { _ = try config.access(context: context, policy: policy).address }
    },
    FuzzTarget(
      name: "managed-fields",
      seeds: [
        #"""
        {"apiVersion":"v1","kind":"A","metadata":{"name":"a","managedFields":[{"manager":"m","operation":"Apply",
        "fieldsType":"FieldsV1","fieldsV1":{"f:a":{".":{},"k:{\"x\":1}":{},"v:\"b\"":{},"i:0":{"f:c":{}}}}}]}}
        """#
      ],
      words: ["f:", "k:", "v:", "i:", "{}", "\\\""]
    ) { bytes in
      let limits = Limits(nodes: 5_000)
      guard let root = try Document.parse(bytes, as: .json, limits: limits).first?.root else { return }
      for fields in try KubernetesObject(root).managedFields.map(\.fields) {
        let paths = fields.paths
        hold(FieldSet(paths).paths == paths, "a set isn't the set of its paths")
        hold(paths.allSatisfy { fields.contains($0) }, "a set hasn't what it says")
      }
    },
    FuzzTarget(
      name: "quantity", seeds: ["1000m", "1.5Gi", "12e-1", "-.5k"], words: ["Ki", "e9", "E", "n", "u", "."]
    ) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      guard let quantity = Quantity(text) else { return }
      let most = Int128(Int64.max) * 1_000_000_000
      hold(quantity.nano <= most && quantity.nano >= -most, "a quantity beyond the largest")
    },
    FuzzTarget(
      name: "object-as-json", seeds: ["a: &x {b: 0x1F}\nc: [*x, 'y', .5, ~]\n", "{\"a\": \"\\u0001\"}"],
      words: ["<<: *x", ".inf", "0o7", "\"\\n\"", "!!str "]
    ) { bytes in
      let limits = Limits(nodes: 5_000, aliasExpansion: 1_000)
      guard let root = try Document.parse(bytes, as: .yaml, limits: limits).first?.root else { return }
      let body = try JSONBody(root)
      let again = try Document.parse(body.bytes, as: .json, limits: Limits(bytes: 1 << 30, depth: 1_000)).first?.root
      try hold(again.map { try JSONBody($0) } == body, "an object changes when it is read back")
    },
  ]
}
