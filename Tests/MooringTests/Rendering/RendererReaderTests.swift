import MooringModel
import Testing

@testable import Mooring

/// Reading `render` and `secrets`.
@Suite("The configuration of a renderer") struct RendererReaderTests {
  private func environment(_ keys: String, _ more: String = "") throws -> EnvironmentConfiguration? {
    let text = """
      repositories: { config: { url: /srv/git } }
      environments: { production: { repository: config, target: { host: { root: /srv/app } }, \(keys) } }
      \(more)
      """
    return try ConfigurationFile.parse(Array(text.utf8), path: "/etc/mooring/mooring.yaml")
      .environments[EnvironmentName("production")]
  }

  private func problem(_ keys: String, _ more: String = "") -> String {
    do {
      _ = try environment(keys, more)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test(
    "is read",
    arguments: [
      ("path: app, render: plain", "plain", nil),
      ("path: app, render: kustomize", "kustomize", ["path": ["app"]]),
      ("path: [app, base], render: { kustomize: { path: ./app/ } }", "kustomize", ["path": ["app"]]),
      (
        "path: app, render: { helm: { chart: app/c, release: red, namespace: shop, values: [app/v.yaml], set: { a.b: \"1\", c: 2, d: null }, kubeVersion: \"1.30.0\", apiVersions: [x/v1] }, timeout: 2m, memory: 512MiB, network: allow, program: /opt/helm, reads: [/opt/h] }",
        "helm",
        [
          "chart": ["app/c"], "release": ["red"], "namespace": ["shop"], "values": ["app/v.yaml"],
          "set": ["a.b=\"1\"", "c=2", "d=null"], "kubeVersion": ["1.30.0"], "apiVersions": ["x/v1"],
          "timeout": ["120.0 seconds"], "memory": ["536870912"], "network": ["allow"],
        ]
      ),
      (
        "render: { jsonnet: { file: m.jsonnet, tla: { a: x }, extCode: { b: \"1 + 1\" }, libraries: [lib] } }",
        "jsonnet",
        ["file": ["m.jsonnet"], "tla": ["a=x"], "extCode": ["b=1 + 1"], "libraries": ["lib"]]
      ),
      ("render: { command: [./render, \"{output}\"] }", "command", ["command": ["./render", "{output}"]]),
    ] as [(String, String, [String: [String]]?)])
  func isRead(keys: String, name: String, options: [String: [String]]?) throws {
    let definition = try #require(try environment(keys)).definition
    #expect(definition.renderer == name)
    #expect(definition.options == options)
  }

  @Test("asks helm for just that, with names that can't be options") func asksHelm() {
    let options = HelmOptions(
      chart: "-c", release: "red", namespace: "shop", values: ["-v"], overrides: ["a": "1"], kubeVersion: "1.30.0",
      apiVersions: ["x/v1"])
    #expect(
      options.arguments(of: "helm", RenderingPlaces()) == [
        "template", "--include-crds", "--skip-tests", "--namespace=shop", "--values=./-v", "--set-json=a=1",
        "--kube-version=1.30.0", "--api-versions=x/v1", "--", "red", "./-c",
      ])
  }

  @Test(
    "is refused with the nearest key",
    arguments: [
      ("render: helmm", "did you mean \"helm\"?"), ("render: helm", "helm needs options"),
      ("render: jsonnet", "jsonnet needs options"), ("render: command", "command needs a program"),
      ("render: []", "should be one of plain, kustomize, helm, jsonnet, command"),
      ("render: {}", "should have exactly one of"),
      ("render: { helmm: { chart: c } }", "did you mean \"helm\"?"),
      ("render: { command: [x], kustomize: {} }", "should have exactly one of"),
      ("render: { command: [] }", "should name a program"),
      ("render: { command: [render/x] }", "did you mean \"./render/x\"?"),
      ("render: { command: [./../x] }", "unsafe path"),
      ("render: { command: [x], program: /x }", "is the first of `command` already"),
      ("render: { command: [x], timout: 3s }", "did you mean \"timeout\"?"),
      ("render: { command: [x], timeout: 1ms }", "from 1s to 1h"),
      ("render: { command: [x], memory: 512 }", "a count of bytes such as 512MiB"),
      ("render: { command: [x], memory: 1KiB }", "at least 64MiB"),
      ("render: { command: [x], network: yes }", "should be one of deny, allow"),
      ("render: { command: [x], reads: [/] }", "below the root"),
      ("render: { kustomize: {}, program: kustomize }", "should be an absolute path"),
      ("path: [a, b], render: kustomize", "say which input holds the kustomization"),
      ("path: a, render: { kustomize: { path: b } }", "list it in `path`"),
      ("path: a, render: { kustomize: { path: a/../b } }", "unsafe path"),
      ("path: a, render: { kustomize: { pth: a } }", "did you mean \"path\"?"),
      ("render: { helm: { chart: c } }", "release: missing"),
      ("render: { helm: { chart: \"oci://x/c\", release: r } }", "nothing is downloaded to render"),
      ("render: { helm: { chart: c, release: -r } }", "small letters"),
      ("render: { helm: { chart: c, release: r, namespace: A } }", "not a namespace's name"),
      ("render: { helm: { chart: c, release: r, set: { a: { b: 1 } } } }", "write `a.b: value`"),
      ("render: { helm: { chart: c, release: r, set: { db.password: x } } }", "looks like a secret"),
      ("render: { helm: { chart: c, release: r, set: { \"a=b\": 1 } } }", "can't be a value's name"),
      ("render: { helm: { chart: c, release: r, value: [x] } }", "did you mean \"values\"?"),
      ("render: { jsonnet: { file: f, tla: { a: 1 } } }", "should be a string"),
      ("render: { jsonnet: { flie: f } }", "did you mean \"file\"?"),
      ("secrets: encrypted", "should be one of plaintext"),
      ("secrets: plaintext", "only a cluster has them"),
    ])
  func isRefused(keys: String, words: String) {
    #expect(problem(keys).contains(words), "\(problem(keys))")
  }

  @Test("refuses plain secrets together with a journal of its own") func refusesPlainSecrets() {
    let said = problem("secrets: plaintext", "journal: { repository: /srv/journal }")
    #expect(said.contains("production.secrets: can't be while the journal has a repository of its own"), "\(said)")
  }
}
