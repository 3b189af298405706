import Foundation
import MooringTestSupport
import Testing

/// What `mooring rbac` prints is enough, and none of it is too much.
@Suite(.inTurn, .timeLimit(.minutes(30))) struct RightsTests {
  private static let web = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      replicas: 1
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}, annotations: {stand-in-kubelet/behaviour: ready}}
        spec: {containers: [{name: web, image: "r/web:1"}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec: {selector: {app: web}, ports: [{port: 80}]}
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata: {name: reader}
    rules: [{apiGroups: [""], resources: [secrets], verbs: [get]}]
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata: {name: reader}
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
    subjects: [{kind: User, name: ann}]

    """

  /// Gives an account what is printed for the release, and lets the program be that account from now on.
  private func hire(_ site: ClusterSite) async throws {
    let answer = try await site.machine.mooring(["rbac", "production", "--account", "\(site.namespace)/deployer"])
    answer.expect(0)
    try await site.kubectl("create", "serviceaccount", "deployer")
    try await site.kubectl("apply", "-f", "-", input: answer.output)
    try await site.kubectl("wait", "--for=jsonpath={.secrets[0].name}", "serviceaccount/deployer", "--timeout", "60s")
    let secret = try await site.live("serviceaccount/deployer", ".secrets[0].name")
    let token = try await site.kubectl(
      "get", "secret", secret, "--output", "go-template={{.data.token | base64decode}}")
    try site.machine.folder.write(
      """
      current-context: a
      contexts: [{name: a, context: {cluster: a, user: a}}]
      clusters: [{name: a, cluster: {server: "\(site.plane.url)", certificate-authority: "\(site.plane.authority)"}}]
      users: [{name: a, user: {token: "\(token)"}}]

      """, to: "deployer")
    try site.configure(kubeconfig: site.machine.folder["deployer"])
  }

  /// Takes one right away.
  ///
  /// - Returns: The role as it was.
  @discardableResult
  private func withhold(_ resource: String, _ verb: String, _ site: ClusterSite) async throws -> String {
    let role = try await site.kubectl("get", "role", "mooring-production", "--output", "json")
    var object = try JSONSerialization.jsonObject(with: Data(role.utf8)) as? [String: Any] ?? [:]
    object["rules"] = (object["rules"] as? [[String: Any]] ?? []).map { rule in
      var rule = rule
      guard rule["resources"] as? [String] == [resource] else { return rule }
      rule["verbs"] = (rule["verbs"] as? [String] ?? []).filter { $0 != verb }
      return rule
    }.filter { !(($0["verbs"] as? [String])?.isEmpty ?? true) }
    let less = String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    try await site.kubectl("replace", "-f", "-", input: less)
    return role
  }

  @Test func withThemTheWatcherDeploysPrunesLooksHealsAndGoesBack() async throws {
    let site = try await ClusterSite(["web.yaml": Self.web, "settings.yaml": ClusterSite.map("1")])
    let machine = site.machine
    try await hire(site)
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "verified", within: .seconds(60))
      try machine.push(["settings.yaml": nil, "more.yaml": ClusterSite.map("1", "more")])
      try await machine.until("it is pruned", within: .seconds(60)) {
        guard try await site.live("configmap/more", ".data.size") == "1" else { return false }
        return try await site.live("configmap/settings", ".data.size") == ""
      }
      try await watcher.lines.line(containing: "changes are seen as they happen")
      try await site.kubectl("delete", "service", "web")
      try await watcher.lines.line(containing: "service/\(site.namespace)/web", within: .seconds(60))
      try await machine.mooring(["drift", "production", "--heal"]).expect(0)
      try await machine.mooring(["rollback", "production", "--reason", "bad", "--yes"]).expect(0)
      #expect(!watcher.lines.all.contains { $0.contains("forbidden") }, "\(watcher.lines.all)")
    }
    #expect(try await site.live("configmap/settings", ".data.size") == "1")
    #expect(try await site.live("service/web", ".metadata.name") == "web")
    let once = try await machine.mooring(["run", "--once"]).expect(0)
    #expect(!once.errors.contains("forbidden"), "\(once)")
    #expect(try await site.holder() == "")
  }

  @Test(arguments: [
    ("services", "create"), ("deployments", "patch"), ("deployments", "get"), ("deployments", "list"),
    ("configmaps", "update"), ("leases", "create"), ("leases", "update"), ("roles", "escalate"), ("roles", "bind"),
  ])
  func withoutOneOfThemItIsToldWhatIsMissing(_ resource: String, _ verb: String) async throws {
    let site = try await ClusterSite(["web.yaml": Self.web, "settings.yaml": ClusterSite.map("1")])
    try await hire(site)
    try await withhold(resource, verb, site)
    // The API server learns of it within a moment.
    let machine = site.machine
    try await machine.until("it is refused", within: .seconds(60)) {
      let answer = try await machine.mooring(["run", "--once"])
      // What can't be looked at is complained of, and is no failure of the round.
      return answer.status == 1 || answer.errors.contains("forbidden")
    }
  }

  @Test func whatItMayNotWatchIsToldAndFoundByScansUntilItMay() async throws {
    let site = try await ClusterSite(["web.yaml": Self.web, "settings.yaml": ClusterSite.map("1")])
    let machine = site.machine
    try await hire(site)
    let role = try await withhold("deployments", "watch", site)
    try await machine.watching { watcher in
      let told = try await watcher.lines.line(containing: "aren't seen as they happen", within: .seconds(60))
      #expect(told.contains("deployments.apps in \(site.namespace)") && told.contains("forbidden"), "\(told)")
      let status = try await machine.mooring(["status", "production"]).expect(2)
      #expect(status.output.contains("changes aren't seen as they happen since 20"), "\(status)")
      try await site.kubectl("delete", "deployment", "web")
      try await watcher.lines.line(
        containing: "drift: deployment/\(site.namespace)/web removed", within: .seconds(90))
      try await machine.mooring(["drift", "production", "--heal"]).expect(0)
      let all = watcher.lines.all
      #expect(!all.contains { $0.contains("changes are seen as they happen") }, "\(all)")
      var object = try JSONSerialization.jsonObject(with: Data(role.utf8)) as? [String: Any] ?? [:]
      object["metadata"] = ["name": "mooring-production", "namespace": site.namespace]
      let whole = String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
      try await site.kubectl("replace", "-f", "-", input: whole)
      try await watcher.lines.line(containing: "changes are seen as they happen again", within: .seconds(100))
      let after = try await machine.mooring(["status", "production"])
      #expect(!after.output.contains("as they happen"), "\(after)")
    }
  }
}
