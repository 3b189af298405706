import Foundation
import MooringTestSupport
import Testing

/// What a deployment would change in a cluster, object by object and field by field, and nothing is touched.
@Suite("Plan in a cluster", .inTurn, .timeLimit(.minutes(30))) struct KubernetesPlanTests {
  private static func map(_ name: String, _ data: String, more: String = "") -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: \(name)\n\(more)data: \(data)\n"
  }

  private static let service = """
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec:
      selector: {app: web}
      ports: [{port: 80, targetPort: 8080}]

    """

  @Test("names what is created, changed and deleted, by field, without what the server fills in")
  func objectsByField() async throws {
    let site = try await ClusterSite([
      "a.yaml": Self.map("settings", "{size: \"1\", mode: fast}"), "old.yaml": Self.map("old", "{a: b}"),
      "web.yaml": Self.service,
    ])
    let (machine, place) = (site.machine, site.namespace)
    let first = try await machine.mooring("plan", "production").expect(2)
    #expect(first.output.contains("+ configmap/\(place)/settings\n+ service/\(place)/web"), "\(first)")
    try await machine.mooring("sync", "production").expect(0)
    let same = try await machine.mooring("plan", "production").expect(0)
    #expect(same.output.contains("nothing to change, it runs v1"), "\(same)")

    try machine.push([
      "a.yaml": Self.map("settings", "{size: \"2\", extra: x}"), "old.yaml": nil, "new.yaml": Self.map("new", "{a: b}"),
      "web.yaml": Self.service.replacingOccurrences(of: "8080", with: "9090"),
    ])
    let plan = try await Self.fetchedPlan(machine)
    #expect(
      plan.output == """
        production: v2 would change
        + configmap/\(place)/new
        - configmap/\(place)/old
        ~ configmap/\(place)/settings
            - data.mode
            data.size: "1" → "2"
            + data.extra: x
        ~ service/\(place)/web
            spec.ports[port=80].targetPort: 8080 → 9090
        """, "\(plan)")
    #expect(try await site.live("configmap/settings", ".data.size") == "1", "nothing was touched")

    let json = try await machine.mooring("plan", "production", "--output", "json").expect(2).json()
    let objects = json["objects"] as? [[String: Any]] ?? []
    #expect(objects.compactMap { $0["action"] as? String } == ["create", "delete", "change", "change"], "\(json)")
    #expect(objects.compactMap { $0["origin"] as? String } == ["new.yaml:1", "a.yaml:1", "web.yaml:1"])
  }

  /// The plan of what is on the remote by now.
  private static func fetchedPlan(_ machine: Machine) async throws -> Machine.Answer {
    try machine.author.git(
      "--git-dir", machine.state + "/repositories/config.git", "fetch", "--quiet", machine.remote.path,
      "+main:refs/remotes/origin/main")
    return try await machine.mooring("plan", "production").expect(2)
  }

  @Test("says what was changed by hand, and by whom")
  func drift() async throws {
    let site = try await ClusterSite(["a.yaml": Self.map("settings", "{size: \"1\"}")])
    try await site.machine.mooring("sync", "production").expect(0)
    try await site.kubectl("patch", "configmap/settings", "--type=merge", "-p", #"{"data": {"size": "5"}}"#)
    let plan = try await site.machine.mooring("plan", "production").expect(2)
    #expect(
      plan.output.contains("~ configmap/\(site.namespace)/settings by probably somebody (kubectl-patch), changed"),
      "\(plan)")
    #expect(plan.output.contains("data.size: \"5\" → \"1\""), "\(plan)")
  }

  @Test("never shows a secret's values")
  func secrets() async throws {
    func secret(_ value: String) -> String {
      "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {user: \(value)}\n"
    }
    let site = try await ClusterSite(["db.yaml": secret("old-value-1")], environment: ["secrets: plaintext"])
    try await site.machine.mooring("sync", "production").expect(0)
    try site.machine.push(["db.yaml": secret("new-value-2")])
    for arguments in [["plan", "production"], ["plan", "production", "--output", "json"]] {
      _ = try await Self.fetchedPlan(site.machine)
      let plan = try await site.machine.mooring(arguments).expect(2)
      #expect(plan.output.contains("data.user"), "\(plan)")
      for value in ["old-value-1", "new-value-2"] {
        #expect(!plan.output.contains(value) && !plan.output.contains(Data(value.utf8).base64EncodedString()))
      }
    }
  }

  @Test("names what the server would refuse: fields that can't change, and those of others with their manager")
  func refusals() async throws {
    let set = """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 0
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: web, image: r/web}]}

      """
    let site = try await ClusterSite(["web.yaml": set, "a.yaml": Self.map("settings", "{size: \"1\"}")])
    let machine = site.machine
    try await machine.mooring("sync", "production").expect(0)
    try machine.folder.write(Self.map("settings", "{size: \"7\"}"), to: "theirs.yaml")
    try await site.kubectl(
      "apply", "--server-side", "--force-conflicts", "--field-manager=tuner", "-f", machine.folder["theirs.yaml"])
    try machine.push([
      "web.yaml": set.replacingOccurrences(of: "app: web", with: "app: other"),
      "a.yaml": Self.map("settings", "{size: \"2\"}"),
    ])
    let plan = try await Self.fetchedPlan(machine)
    #expect(plan.output.contains("! deployment/\(site.namespace)/web would be refused"), "\(plan)")
    #expect(plan.output.contains("immutable") && plan.output.contains("mooring.dev/replace"), "\(plan)")
    #expect(plan.output.contains("! configmap/\(site.namespace)/settings would be refused"), "\(plan)")
    #expect(plan.output.contains("data.size is set by tuner"), "\(plan)")
    try machine.push([
      "web.yaml": set.replacingOccurrences(of: "app: web", with: "app: other")
        .replacingOccurrences(of: "{name: web}", with: "{name: web, annotations: {mooring.dev/replace: \"true\"}}")
    ])
    let replaced = try await Self.fetchedPlan(machine)
    #expect(replaced.output.contains("~ deployment/\(site.namespace)/web is deleted and made again"), "\(replaced)")
  }
}
