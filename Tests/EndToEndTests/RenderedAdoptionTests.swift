import Foundation
import MooringTestSupport
import Testing

/// What was changed in a cluster, taken into the inputs of a renderer: into the right file, or not at all.
@Suite("Adopting through a renderer", .inTurn, .timeLimit(.minutes(30))) struct RenderedAdoptionTests {
  private static let base: [String: String?] = [
    "base/kustomization.yaml": "resources: [web.yaml, settings.yaml]\n",
    "base/web.yaml": """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      replicas: 1
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          containers:
          - name: web
            image: r/web:1
            env: [{name: MODE, value: fast}]

    """,
    "base/settings.yaml":
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {size: \"1\", mode: fast}\n",
  ]

  /// A site whose overlay has these files over the base.
  private func site(_ overlay: [String: String]) async throws -> ClusterSite {
    let clients = try await ControlPlane.clients()
    let overlay = Dictionary(uniqueKeysWithValues: overlay.map { ("overlay/" + $0, Optional($1)) })
    return try await ClusterSite(
      Self.base.merging(overlay) { $1 },
      environment: ["render: { kustomize: { path: app/overlay }, program: \(clients)/kubectl }"])
  }

  private func file(_ path: String, _ site: ClusterSite) throws -> String? {
    let shown = try site.machine.author.tryGit(["show", "main:app/\(path)"])
    return shown.status == 0 ? String(decoding: shown.output, as: UTF8.self) : nil
  }

  /// Deploys, lets somebody change something, adopts it, and returns which files the commit changed.
  private func adopted(_ site: ClusterSite, _ change: [String]...) async throws -> [String] {
    let machine = site.machine
    try await machine.mooring(["sync", "production"], within: .seconds(120)).expect(0)
    for arguments in change { try await site.plane.kubectl(["--namespace", site.namespace] + arguments) }
    try await machine.mooring(["drift", "production", "--adopt"], within: .seconds(120)).expect(0)
    try machine.pull()
    try await machine.mooring("sync", "production").expect(0)
    try await machine.mooring("drift", "production").expect(0)
    let names = try machine.author.git("diff", "--name-only", "main~", "main")
    return names.split(separator: "\n").map { String($0.dropFirst("app/".count)) }
  }

  private static let scale = ["scale", "deployment/web", "--replicas=4"]

  @Test("replicas and images where the overlay sets them, comments kept")
  func kustomizeFields() async throws {
    let overlay = """
      # Production.
      resources: [../base]
      replicas:
      - name: web
        count: 2   # at night
      images:
      - {name: r/web, newTag: "2"}   # by the pipeline

      """
    let site = try await site(["kustomization.yaml": overlay])
    let files = try await adopted(site, Self.scale, ["set", "image", "deployment/web", "web=r/web:3"])
    #expect(files == ["overlay/kustomization.yaml"])
    #expect(
      try file("overlay/kustomization.yaml", site)
        == overlay.replacingOccurrences(of: "count: 2   #", with: "count: 4   #")
        .replacingOccurrences(of: "newTag: \"2\"", with: "newTag: \"3\""))
  }

  struct Patch: Sendable, CustomTestStringConvertible {
    var name: String
    var kustomization: String
    var files: [String: String] = [:]
    /// The file that is to change, and how.
    var changes: (file: String, old: String, new: String)
    var testDescription: String { name }
  }

  private static let merge =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 2  # at night\n"

  static let patches = [
    Patch(
      name: "a strategic merge in a file", kustomization: "resources: [../base]\npatches:\n- path: web.yaml\n",
      files: ["web.yaml": merge], changes: ("web.yaml", "replicas: 2", "replicas: 4")),
    Patch(
      name: "a strategic merge of the older way",
      kustomization: "resources: [../base]\npatchesStrategicMerge: [web.yaml]\n", files: ["web.yaml": merge],
      changes: ("web.yaml", "replicas: 2", "replicas: 4")),
    Patch(
      name: "a strategic merge in place",
      kustomization: "resources: [../base]\npatches:\n- patch: |-\n    " + merge.replacing("\n", with: "\n    ") + "\n",
      changes: ("kustomization.yaml", "replicas: 2", "replicas: 4")),
    Patch(
      name: "a JSON patch in a file",
      kustomization: "resources: [../base]\npatches:\n- {path: p.yaml, target: {kind: Deployment, name: web}}\n",
      files: ["p.yaml": "# Ours\n- op: replace\n  path: /spec/replicas\n  value: 2  # at night\n"],
      changes: ("p.yaml", "value: 2", "value: 4")),
    Patch(
      name: "a JSON patch in place",
      kustomization: """
        resources: [../base]
        patches:
        - target: {kind: Deployment, name: web}
          patch: |-
            - op: replace
              path: /spec/replicas
              value: 2

        """, changes: ("kustomization.yaml", "value: 2", "value: 4")),
    Patch(
      name: "a resource of the overlay's own", kustomization: "resources: [web.yaml]\n",
      files: ["web.yaml": (base["base/web.yaml"] ?? nil) ?? ""], changes: ("web.yaml", "replicas: 1", "replicas: 4")),
  ]

  @Test("a field goes into the patch, or the resource, that sets it", arguments: patches)
  func patch(_ patch: Patch) async throws {
    let overlay = patch.files.merging(["kustomization.yaml": patch.kustomization]) { $1 }
    let site = try await site(overlay)
    #expect(try await adopted(site, Self.scale) == ["overlay/\(patch.changes.file)"])
    let before = try #require(overlay[patch.changes.file])
    #expect(
      try file("overlay/\(patch.changes.file)", site)
        == before.replacingOccurrences(of: patch.changes.old, with: patch.changes.new))
  }

  @Test("what the base says becomes a patch of the overlay, and the next one joins it; the base stays")
  func newPatch() async throws {
    let site = try await site(["kustomization.yaml": "resources: [../base]  # shared\n"])
    let files = try await adopted(
      site, Self.scale, ["set", "env", "deployment/web", "MODE=slow", "EXTRA=x"],
      ["label", "configmap/settings", "a=b"],
      ["patch", "configmap/settings", "--type=json", "-p", #"[{"op": "remove", "path": "/data/mode"}]"#])
    #expect(
      files == [
        "overlay/kustomization.yaml", "overlay/patch-configmap-settings.yaml", "overlay/patch-deployment-web.yaml",
      ])
    let listing = try #require(try file("overlay/kustomization.yaml", site))
    #expect(listing.hasPrefix("resources: [../base]  # shared\npatches:\n"), "\(listing)")
    let patch = try #require(try file("overlay/patch-deployment-web.yaml", site))
    #expect(patch.contains("replicas: 4") && patch.contains("value: slow") && patch.contains("EXTRA"), "\(patch)")
  }

  @Test("a resource that is gone is taken out by a patch, one that somebody made becomes a resource")
  func objects() async throws {
    let site = try await site(["kustomization.yaml": "resources:\n- ../base\n"])
    let files = try await adopted(
      site, ["delete", "configmap/settings"], ["create", "configmap", "extra", "--from-literal=a=b"])
    #expect(
      files == ["overlay/configmap-extra.yaml", "overlay/kustomization.yaml", "overlay/patch-configmap-settings.yaml"])
    #expect(try file("overlay/patch-configmap-settings.yaml", site)?.contains("$patch: delete") == true)
  }

  @Test("what can't be told from its rendering is refused, and nothing is committed")
  func refused() async throws {
    // The name ends in a digest of the data: another value would be another object.
    let site = try await site([
      "kustomization.yaml": "resources: [../base]\nconfigMapGenerator: [{name: made, literals: [size=1]}]\n"
    ])
    try await site.machine.mooring("sync", "production").expect(0)
    let name = try await site.kubectl("get", "configmaps", "--output=name").split(separator: "\n")
      .first { $0.contains("/made-") }
    try await site.kubectl(
      "patch", String(try #require(name)), "--type=merge", "-p", #"{"data": {"size": "2"}}"#)
    let before = try site.machine.remote.git("rev-parse", "main")
    let answer = try await site.machine.mooring("drift", "production", "--adopt").expect(1)
    #expect(answer.errors.contains("can't be adopted: no edit of the inputs of `kustomize` was found"), "\(answer)")
    #expect(try site.machine.remote.git("rev-parse", "main") == before)
  }

  @Test("values of a chart, of the environment's own file first")
  func helm() async throws {
    let clients = try await ControlPlane.clients()
    let site = try await ClusterSite(
      [
        "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
        "chart/values.yaml": "replicas: 1\nimage: {tag: \"1.0\"}\nenv:\n- {name: MODE, value: fast}\n",
        "production.yaml": "# Production\nreplicas: 2  # at night\n",
        "chart/templates/web.yaml": """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: {{ .Values.replicas }}
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - name: web
                image: "r/web:{{ .Values.image.tag }}-alpine"
                env: {{ toYaml .Values.env | nindent 12 }}

        """,
      ],
      environment: [
        "render:", "  program: \(clients)/helm", "  reads: [\(clients.dropLast("/bin".count))]",
        "  helm: { chart: app/chart, release: shop, values: [app/production.yaml] }",
      ])
    let files = try await adopted(
      site, Self.scale, ["set", "image", "deployment/web", "web=r/web:2.0-alpine"],
      ["set", "env", "deployment/web", "EXTRA=x"])
    #expect(files == ["chart/values.yaml", "production.yaml"])
    #expect(try file("production.yaml", site) == "# Production\nreplicas: 4  # at night\n")
    let values = try file("chart/values.yaml", site)
    #expect(
      values
        == "replicas: 1\nimage: {tag: \"2.0\"}\nenv:\n- {name: MODE, value: fast}\n- name: EXTRA\n  value: x\n")
  }

  @Test("what a command printed is refused")
  func command() async throws {
    let site = try await ClusterSite(
      ["a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {size: \"1\"}\n"],
      environment: ["render: { command: [/bin/cat, app/a.yaml] }"])
    try await site.machine.mooring("sync", "production").expect(0)
    try await site.kubectl("patch", "configmap/a", "--type=merge", "-p", #"{"data": {"size": "2"}}"#)
    let answer = try await site.machine.mooring("drift", "production", "--adopt").expect(1)
    #expect(answer.errors.contains("it was rendered by `command`"), "\(answer)")
  }
}
