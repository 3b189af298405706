import Mooring
import MooringModel
import Testing

/// Debian's jsonnet, for real.
@Suite("Jsonnet") struct JsonnetTests {
  private static let files: [String: String?] = [
    "lib/shop.libsonnet": """
    { settings(name, pool):: {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: name}, data: {pool: pool}} }
    """,
    "app/main.jsonnet": """
    local shop = import 'shop.libsonnet';
    function(pool) {
      settings: shop.settings('one', pool),
      more: [shop.settings('two', std.extVar('stage')), {kind: 'List', apiVersion: 'v1', items: [shop.settings('three', std.toString(std.extVar('n')))]}],
    }
    """,
  ]

  @Test("renders objects at any depth, with arguments, variables and libraries") func rendersObjects() async throws {
    let files = try await Rendered(Self.files).files(
      .jsonnet(
        JsonnetOptions(
          file: "app/main.jsonnet", arguments: ["pool": "32=x"], variables: ["stage": "production"],
          variableCode: ["n": "1 + 1"], libraries: ["lib"])), paths: ["app", "lib"])
    #expect(Set(files.keys) == ["_/configmap/one.yaml", "_/configmap/two.yaml", "_/configmap/three.yaml"])
    #expect(files["_/configmap/one.yaml"]?.contains("pool: 32=x") == true)
    #expect(files["_/configmap/three.yaml"]?.contains("pool: \"2\"") == true)
  }

  @Test(
    "refuses what it can't render",
    arguments: [
      ("{", "jsonnet failed with status 1"),
      ("import '/etc/passwd'", "couldn't open import"),
      ("import '../../../../etc/passwd'", "couldn't open import"),
      ("{a: 1}", "no `apiVersion` and `kind`"),
      ("local f(x) = f(x + 1); f(0)", "jsonnet"),
    ])
  func refuses(program: String, reason: String) async throws {
    let said = try await Rendered(["app/main.jsonnet": program]).refusal(
      .jsonnet(JsonnetOptions(file: "app/main.jsonnet")), program: RenderingProgramOptions(timeLimit: .seconds(5)))
    #expect(said.contains(reason), "\(said)")
  }

  @Test("says that its file is missing") func saysItsFileIsMissing() async throws {
    let said = try await Rendered(["a": "1"]).refusal(.jsonnet(JsonnetOptions(file: "app/main.jsonnet")))
    #expect(said.contains("app/main.jsonnet: the Jsonnet file doesn't exist at this revision"))
  }
}
