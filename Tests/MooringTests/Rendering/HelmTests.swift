import Mooring
import MooringModel
import Testing

/// Helm, for real: its engine, which the tests have as a program.
@Suite("Helm") struct HelmTests {
  private static let chart: [String: String?] = [
    "charts/shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "charts/shop/values.yaml": "pool: 8\nmotd: none\n",
    "charts/shop/files/motd.txt": "welcome\n",
    "charts/shop/crds/crontab.yaml": """
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: crontabs.example.com}
    """,
    "charts/shop/templates/settings.yaml": """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: {{ .Release.Name }}-settings, namespace: {{ .Release.Namespace }}}
    data:
      pool: {{ .Values.pool | quote }}
      motd: {{ .Values.motd | quote }}
      file: {{ .Files.Get "files/motd.txt" | quote }}
      found: {{ lookup "v1" "Secret" "kube-system" "x" | toJson | quote }}
      address: {{ getHostByName "localhost" | quote }}
    """,
    "charts/shop/templates/test.yaml": """
    apiVersion: v1
    kind: Pod
    metadata: {name: smoke, annotations: {"helm.sh/hook": test}}
    """,
    "env/production.yaml": "pool: 32\n",
  ]

  private func options(_ overrides: [String: String] = [:]) -> HelmOptions {
    HelmOptions(
      chart: "charts/shop", release: "red", namespace: "shop", values: ["env/production.yaml"], overrides: overrides)
  }

  @Test(
    "renders a chart with values, its own files and its CRDs; lookups and questions to DNS find nothing, and tests are left out"
  )
  func rendersAChart() async throws {
    let files = try await Rendered(Self.chart).files(
      .helm(options(["motd": "\"a, b=c\""])), program: TestPrograms.helm())
    #expect(
      Set(files.keys) == [
        "shop/configmap/red-settings.yaml",
        "_/customresourcedefinition.apiextensions.k8s.io/crontabs.example.com.yaml",
      ])
    #expect(
      files["shop/configmap/red-settings.yaml"] == """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: red-settings
          namespace: shop
        data:
          pool: "32"
          motd: a, b=c
          file: |
            welcome
          found: "{}"
          address: ""

        """)
  }

  @Test("refuses a chart whose dependencies aren't vendored, and says how") func refusesDependencies() async throws {
    var files = Self.chart
    files["charts/shop/Chart.yaml"] = """
      apiVersion: v2
      name: shop
      version: 1.0.0
      dependencies: [{name: redis, version: 1.0.0, repository: "https://charts.example.com"}]
      """
    let said = try await Rendered(files).refusal(.helm(options()), program: TestPrograms.helm())
    #expect(said.contains("the chart's dependency redis would have to come from https://charts.example.com"), "\(said)")
    #expect(said.contains("`helm dependency build charts/shop`"))
    files["charts/shop/charts/redis/Chart.yaml"] = "apiVersion: v2\nname: redis\nversion: 1.0.0\n"
    #expect(try await Rendered(files).refusal(.helm(options()), program: TestPrograms.helm()) == "")
  }

  @Test("says what helm says of a broken chart") func saysWhatHelmSays() async throws {
    var files = Self.chart
    files["charts/shop/templates/settings.yaml"] = "a: {{ .Values.a.b.c }}\n"
    let said = try await Rendered(files).refusal(.helm(options()), program: TestPrograms.helm())
    #expect(said.contains("helm failed with status 1") && said.contains("settings.yaml"), "\(said)")
    files["env/production.yaml"] = nil
    #expect(
      try await Rendered(files).refusal(.helm(options()), program: TestPrograms.helm()).contains("production.yaml"))
  }

  @Test("reads no file outside of the chart") func readsNoFileOutside() async throws {
    var files = Self.chart
    files["charts/shop/templates/settings.yaml"] = """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: x}
      data: {a: {{ .Files.Get "../../../../etc/passwd" | quote }}, b: {{ .Files.Get "/etc/passwd" | quote }}}
      """
    let rendered = try await Rendered(files).files(.helm(options()), program: TestPrograms.helm())
    #expect(rendered["_/configmap/x.yaml"]?.contains("root") == false)
  }
}
