import MooringTestSupport
import Processes
import Testing

/// The `helm` of the tests: Helm's own code behind a command line of ours (`Tests/Kubernetes/helm`).
@Suite("The helm of the tests", .inTurn)
struct HelmTests {
  private let chart: TemporaryFolder

  init() throws {
    chart = try TemporaryFolder("mooring-chart")
    try chart.write("{ apiVersion: v2, name: shop, version: 1.0.0 }", to: "Chart.yaml")
    try chart.write("{ colour: { front: blue, back: grey }, port: 1 }", to: "values.yaml")
    try chart.write("{ kind: CustomResourceDefinition }", to: "crds/carts.yaml")
    try chart.write("kind: Deployment\nport: {{ .Values.port }}\n", to: "templates/deployment.yaml")
    try chart.write("kind: ConfigMap\ncolour: {{ toJson .Values.colour }}\n", to: "templates/settings.yaml")
    try chart.write(
      "kind: Job\nmetadata:\n  name: {{ .Release.Name }}-{{ .Release.Namespace }}\n  annotations:\n"
        + "    helm.sh/hook: pre-install\n    found: {{ lookup \"v1\" \"Pod\" \"\" \"\" | toJson | quote }}\n",
      to: "templates/migration.yaml")
  }

  /// Lines without the comments that say where they are from.
  private func helm(_ arguments: String...) async throws -> [String] {
    let program = Program([try await ControlPlane.clients() + "/helm"] + arguments, timeLimit: .seconds(60))
    let outcome = try await run(program)
    guard outcome.succeeded else { throw ToolFailure(what: "helm", output: outcome.output) }
    return outcome.output.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") && !$0.hasPrefix("---") }
  }

  @Test("renders in the order in which Helm installs, hooks last, with values from files and from the command")
  func template() async throws {
    try chart.write("{ colour: { front: red }, port: 2 }", to: "production.yaml")
    let lines = try await helm(
      "template", "prod", chart.path, "--namespace", "shop", "--values", chart["production.yaml"], "--set", "port=3")
    #expect(
      lines == [
        "kind: ConfigMap", #"colour: {"back":"grey","front":"red"}"#, "kind: Deployment", "port: 3",
        "kind: Job", "metadata:", "  name: prod-shop", "  annotations:", "    helm.sh/hook: pre-install",
        #"    found: "{}""#,
      ])
  }

  @Test("renders CRDs and hooks as it is asked")
  func parts() async throws {
    let lines = try await helm("template", chart.path, "--include-crds", "--no-hooks")
    #expect(
      lines.filter { $0.contains("kind") } == [
        "{ kind: CustomResourceDefinition }", "kind: ConfigMap", "kind: Deployment",
      ])
  }

  @Test(
    "fetches nothing and knows no other options",
    arguments: [["oci://charts.example.com/shop"], ["shop"], ["shop", "--repo", "https://charts.example.com"]])
  func refused(arguments: [String]) async throws {
    let program = try await ControlPlane.clients() + "/helm"
    let outcome = try await run(Program([program, "template"] + arguments, timeLimit: .seconds(60)))
    #expect(outcome.termination != .exited(0))
    #expect(outcome.output.contains("is not a folder or file here") || outcome.output.contains("unrecognized"))
  }
}
