import Mooring
import MooringModel
import Testing

/// Commands that render, most of them up to no good.
@Suite("A command that renders") struct CommandRenderingTests {
  private static let configMap = """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: settings, namespace: shop}
    data: {pool: "32"}
    """

  private func shell(_ script: String) -> RendererConfiguration.Kind { .command(["/bin/sh", "-c", script]) }

  @Test("prints objects, each of which becomes a file") func printsObjects() async throws {
    let rendered = try Rendered([
      "app/one.yaml": Self.configMap,
      "app/two.json":
        #"{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"system:viewer"}}]}"#,
    ])
    let files = try await rendered.files(shell("cat app/one.yaml; echo; echo ---; cat app/two.json"))
    #expect(
      files == [
        "shop/configmap/settings.yaml": """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: settings
          namespace: shop
        data:
          pool: "32"

        """,
        "_/clusterrole.rbac.authorization.k8s.io/system%3Aviewer.yaml": """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: system:viewer

        """,
      ])
    #expect(try rendered.leftovers.isEmpty)
  }

  @Test("writes files, where its arguments have {output}") func writesFiles() async throws {
    let rendered = try Rendered(["app/a.conf": "workers 1\n"])
    let files = try await rendered.files(
      .command([
        "/bin/sh", "-c", "mkdir $1/conf.d; sed s/1/2/ app/a.conf > $1/conf.d/a.conf; ln -s conf.d/a.conf $1/b", "sh",
        "{output}",
      ]))
    #expect(files == ["conf.d/a.conf": "workers 2\n", "b": "conf.d/a.conf"])
  }

  @Test("may be one of the inputs") func isAnInput() async throws {
    let rendered = try Rendered(["app/render": "#!/bin/sh\ncat \"$1\"\n", "app/-n": Self.configMap])
    try rendered.executable("app/render")
    #expect(try await rendered.files(.command(["./app/render", "{inputs}/app/-n"])).count == 1)
    #expect(try await rendered.refusal(.command(["./app/missing"])).contains("the program doesn't exist"))
  }

  @Test("sees the listed inputs, and no other paths of the repository") func seesListedInputs() async throws {
    let rendered = try Rendered(["app/a": "1", "base/b": "2", "secret/c": "3"])
    let files = try await rendered.files(
      .command(["/bin/sh", "-c", "find . -type f | sort > $0/list", "{output}"]), paths: ["app", "base/b"])
    #expect(files == ["list": "./app/a\n./base/b\n"])
  }

  @Test("has nothing of our environment") func hasNothingOfOurs() async throws {
    let files = try await Rendered(["a": "1"]).files(
      .command(["/bin/sh", "-c", "env | cut -d= -f1 | sort > $0/env", "{output}"]))
    #expect(Set((files["env"] ?? "").split(separator: "\n")) == ["HOME", "LANG", "PATH", "PWD", "TMPDIR", "TZ"])
  }

  @Test(
    "is refused with what it did",
    arguments: [
      ("exit 3", "sh failed with status 3: it said nothing"),
      ("echo why >&2; exit 1", "sh failed with status 1: why"),
      ("sh -c 'kill -9 $$'", "sh failed with status 137"),
      ("sleep 600", "sh took longer than 1.0 seconds"),
      ("yes", "sh printed more than it may"),
      ("echo nonsense", "no `apiVersion` and `kind`"),
      ("echo '{'", "what the renderer printed can't be read: line"),
      ("echo '{apiVersion: v1, kind: Pod}'", "Pod has no `metadata.name`"),
      ("echo '{apiVersion: v1, kind: Pod, metadata: {generateName: x-}}'", "Pod has no `metadata.name`"),
      ("echo '{apiVersion: v1, kind: Pod, metadata: {name: ../../x}}'", "a name that can't be one"),
      ("echo '{apiVersion: v1, kind: ../Pod, metadata: {name: x}}'", "no `apiVersion` and `kind`"),
      ("echo '{apiVersion: v1, kind: Pod, metadata: {name: x, namespace: ../..}}'", "a malformed namespace"),
      (
        "for i in 1 2; do echo '{apiVersion: v1, kind: Pod, metadata: {name: x}}'; echo ---; done",
        "Pod x is printed twice"
      ),
      (
        "echo '{apiVersion: v1, kind: Secret, metadata: {name: x}, data: {a: ENC}, sops: {mac: ENC}}'",
        "encrypted by SOPS"
      ),
      ("cat /etc/shadow", "No such file"),
      ("cat /proc/1/environ | tr '\\0' '\\n' >&2; exit 1", "HOME=/home"),
      ("touch new", "Read-only file system"),
    ])
  func isRefused(script: String, reason: String) async throws {
    let said = try await Rendered(["a": "1"]).refusal(
      shell(script), program: RenderingProgramOptions(timeLimit: .seconds(1)))
    #expect(said.contains(reason), "\(said)")
  }

  @Test("gets no network, and says so by failing") func getsNoNetwork() async throws {
    let script = "import urllib.request; urllib.request.urlopen('http://192.0.2.1/', timeout=5)"
    let said = try await Rendered(["a": "1"]).refusal(.command(["/usr/bin/python3", "-c", script]))
    #expect(said.contains("Network is unreachable"), "\(said)")
  }

  @Test("that eats memory is refused, with the way to give it more") func eatsMemory() async throws {
    let script =
      "import os\nfor i in range(4):\n  if os.fork() == 0: break\nb = b'x' * (40 << 20)\nimport time; time.sleep(60)"
    let said = try await Rendered(["a": "1"]).refusal(
      .command(["/usr/bin/python3", "-c", script]), program: RenderingProgramOptions(memory: 128 << 20))
    #expect(said.contains("held more than 128 MiB of memory"), "\(said)")
    #expect(said.contains("`memory` in `render`"))
  }

  @Test("that writes 100,000 files is refused") func writesTooMany() async throws {
    let script = "import sys\nfor i in range(100000): open(f'{sys.argv[1]}/{i}', 'w').close()"
    let said = try await Rendered(["a": "1"]).refusal(.command(["/usr/bin/python3", "-c", script, "{output}"]))
    #expect(said.contains("No space left on device"), "\(said)")
    let more = try await Rendered(["a": "1"]).refusal(
      .command(["/bin/sh", "-c", "for i in $(seq 50); do echo > $0/$i; done", "{output}"]),
      limits: ContentLimits(files: 40))
    #expect(more.contains("more than 40 files"), "\(more)")
  }

  @Test(
    "may write no links that lead out, no pipes and no names of Git",
    arguments: [
      ("ln -s /etc/shadow $0/a", "a link that leads out of the release"),
      ("ln -s ../x $0/a", "a link that leads out of the release"),
      ("mkfifo $0/a", "something that is no file"),
      ("mkdir $0/.git; echo > $0/.git/hook", "names .git"),
    ])
  func writesNothingStrange(script: String, reason: String) async throws {
    do {
      let said = try await Rendered(["a": "1"]).refusal(.command(["/bin/sh", "-c", script, "{output}"]))
      #expect(said.contains(reason), "\(said)")
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test("isn't even run on inputs with a link that leads out of them") func refusesLinks() async throws {
    let rendered = try Rendered(["app/a": "1"])
    try rendered.link("app/out", to: "../../etc")
    let said = try await rendered.refusal(shell("exit 0"), paths: ["app"])
    #expect(said.contains("a link that leads out of the release") && said.contains("app/out"), "\(said)")
  }

  @Test(
    "isn't run on inputs that SOPS encrypted",
    arguments: [
      ("app/a.yaml", "password: ENC[AES256_GCM,data:x]\nsops:\n  mac: ENC[AES256_GCM,data:y]\n"),
      ("app/a.json", #"{"a": "ENC[AES256_GCM,data:x]", "sops": {"mac": "ENC[AES256_GCM,data:y]"}}"#),
      ("app/.env", "A=ENC[AES256_GCM,data:x]\nsops_mac=ENC[AES256_GCM,data:y]\n"),
      ("app/broken.yaml", "a: [ENC[AES256_GCM,data:x]\nsops: {\n"),
    ])
  func refusesEncrypted(path: String, content: String) async throws {
    let said = try await Rendered([path: content]).refusal(shell("exit 0"))
    #expect(said.contains("\(path): encrypted by SOPS"), "\(said)")
  }

  @Test("that isn't there is the machine's fault, and not the revision's") func isMissing() async throws {
    await #expect(
      throws: Fault(
        .program, "no-such-program can't be found in PATH",
        remedy:
          "install it, or name it by its absolute path, or set `program` in `render` of the environment to its absolute path"
      )
    ) {
      try await Rendered(["a": "1"]).rendering(.command(["no-such-program"]))
    }
  }
}
