import Foundation
import MooringTestSupport
import Processes
import Testing

/// What `deploy/kubernetes` says, as far as there is no kubelet to carry it out.
@Suite(.inTurn, .timeLimit(.minutes(30))) struct InClusterTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../deploy/kubernetes").standardized.path

  @Test func theAPIServerTakesTheManifests() async throws {
    let plane = try await ControlPlane.shared
    let manifests = try await plane.kubectl("kustomize", Self.folder)
    // A namespace that isn't there has nothing that could be asked about.
    try await plane.kubectl("apply", "-f", Self.folder + "/namespace.yaml")
    let said = try await plane.kubectl("apply", "--server-side", "--dry-run=server", "-f", "-", input: manifests)
    for object in ["statefulset.apps/mooring", "service/mooring", "configmap/mooring", "serviceaccount/mooring"] {
      #expect(said.contains(object), "\(said)")
    }
    try await plane.kubectl("delete", "namespace", "mooring", "--wait=false")
  }

  @Test func theConfigurationInThemIsOne() async throws {
    let plane = try await ControlPlane.shared
    let machine = try Machine()
    let text = try await plane.kubectl(
      "create", "--dry-run=client", "-f", Self.folder + "/configuration.yaml", "--output",
      "jsonpath={.data.mooring\\.yaml}")
    try machine.folder.write(
      text.replacing("/run/secrets/mooring/token", with: machine.folder["token"]), to: "mooring.yaml")
    try machine.folder.write("a-token\n", to: "token")
    let status = try await machine.mooring(["status"])
    #expect(status.errors == "" && status.output.hasPrefix("production: nothing deployed"), "\(status)")
  }

  /// Everything is written below `--state` and `TMPDIR`: all other folders can be read only.
  @Test(.enabled(if: ReadOnlyRoot.isPossible)) func theProgramNeedsNoWritableRoot() async throws {
    let site = try await ClusterSite(["settings.yaml": ClusterSite.map("1")])
    let machine = site.machine
    let root = try ReadOnlyRoot(writable: [machine.state, machine.folder["tmp"], machine.remote.path])
    try await machine.running(["run"], through: root.starter + ["env", "TMPDIR=\(machine.folder["tmp"])"]) { watcher in
      try await watcher.lines.line(containing: "the root is read-only")
      try await watcher.lines.line(containing: "verified", within: .seconds(60))
      try machine.push(["settings.yaml": ClusterSite.map("2")])
      try await machine.until("v2 is live", within: .seconds(60)) {
        try await site.live("configmap/settings", ".data.size") == "2"
      }
    }
    #expect(try await site.holder() == "")
  }

  /// As a pod has them: a token, an authority and a namespace in their folder, the server in the environment.
  @Test(.enabled(if: ReadOnlyRoot.isPossible)) func theAccountOfThePodIsWhatItActsAs() async throws {
    let site = try await ClusterSite(["settings.yaml": ClusterSite.map("1")])
    let machine = site.machine
    let rights = try await machine.mooring(["rbac", "production", "--account", "\(site.namespace)/mooring"]).expect(0)
    try await site.kubectl("create", "serviceaccount", "mooring")
    try await site.kubectl("apply", "-f", "-", input: rights.output)
    try await site.kubectl("wait", "--for=jsonpath={.secrets[0].name}", "serviceaccount/mooring", "--timeout", "60s")
    let secret = try await site.live("serviceaccount/mooring", ".secrets[0].name")
    let token = try await site.kubectl(
      "get", "secret", secret, "--output", "go-template={{.data.token | base64decode}}")
    let authority = try String(contentsOfFile: site.plane.authority, encoding: .utf8)
    for (file, text) in [("token", token), ("ca.crt", authority), ("namespace", site.namespace)] {
      try machine.folder.write(text, to: "account/\(file)")
    }
    try machine.configure(kubernetes: ["namespace: \(site.namespace)", "readyWithin: 30s"])
    let root = try ReadOnlyRoot(
      writable: [machine.state, machine.folder["tmp"], machine.remote.path], account: machine.folder["account"])
    let server = site.plane.url.split(separator: ":").map { $0.trimmingCharacters(in: ["/"]) }
    let variables = [
      "TMPDIR=\(machine.folder["tmp"])", "KUBERNETES_SERVICE_HOST=\(server[1])", "KUBERNETES_SERVICE_PORT=\(server[2])",
    ]
    try await machine.running(["run"], through: root.starter + ["env"] + variables) { watcher in
      try await watcher.lines.line(containing: "verified", within: .seconds(60))
      try machine.push(["settings.yaml": ClusterSite.map("2")])
      try await machine.until("v2 is live", within: .seconds(60)) {
        try await site.live("configmap/settings", ".data.size") == "2"
      }
    }
    let fields = try await site.kubectl("get", "configmap", "settings", "--show-managed-fields", "--output", "json")
    #expect(fields.contains("mooring-production"))
  }

  @Test(.enabled(if: ReadOnlyRoot.isPossible)) func theImageHasAllThatTheProgramNeeds() async throws {
    let folder = try TemporaryFolder("image")
    let script = URL(filePath: Self.folder).appending(path: "../../scripts/image").standardized.path
    func call(_ arguments: String...) async throws -> String {
      let outcome = try await run(Program(arguments, environment: Program.scrubbed(), timeLimit: .seconds(120)))
      guard outcome.succeeded else { throw ToolFailure(what: arguments.joined(separator: " "), output: outcome.output) }
      return outcome.output
    }
    let made = try await call(
      script, "--program", Machine.program, "--with", "cat", "--tag", "test", folder["layout"])
    #expect(made.contains("layout:test"), "\(made)")
    _ = try await call("umoci", "unpack", "--rootless", "--image", folder["layout:test"], folder["bundle"])
    let configuration = try folder.read("bundle/config.json")
    #expect(configuration.contains("/usr/bin/mooring") && configuration.contains("65532"), "\(configuration)")
    // Nothing of this machine but the kernel.
    let inside = "mkdir \(folder["bundle/rootfs/proc"]) && mount --rbind /proc \(folder["bundle/rootfs/proc"])"
    let said = try await call(
      "unshare", "--user", "--map-root-user", "--mount", "sh", "-euc",
      "\(inside) && chroot \(folder["bundle/rootfs"]) /usr/bin/mooring init /tmp/mooring.yaml && "
        + "chroot \(folder["bundle/rootfs"]) /bin/cat /tmp/mooring.yaml /etc/ssl/certs/ca-certificates.crt")
    #expect(said.contains("BEGIN CERTIFICATE"))
  }
}

/// The machine's files with nothing to be written but some folders, as `readOnlyRootFilesystem` has it.
struct ReadOnlyRoot {
  private let folder: TemporaryFolder
  /// A program with arguments that starts another there.
  let starter: [String]

  private static let unshare = ["unshare", "--user", "--map-root-user", "--mount", "/bin/sh", "-euc"]

  static var isPossible: Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = unshare + ["mount --rbind / /mnt && mount -o remount,bind,ro /mnt"]
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  /// - Parameter account: What pods find in `/var/run/secrets/kubernetes.io/serviceaccount`.
  init(writable: [String], account: String? = nil) throws {
    folder = try TemporaryFolder("read-only")
    let root = folder.path
    for path in writable { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    let binds = writable.map { "mount --bind \($0) \(root)\($0)" }
    let place = "\(root)/run/secrets/kubernetes.io/serviceaccount"
    let secrets = account.map {
      ["mount -t tmpfs tmpfs \(root)/run", "mkdir -p \(place)", "mount --bind \($0) \(place)"]
    }
    let script =
      (["mount --rbind / \(root)", "mount -o remount,bind,ro \(root)"] + (secrets ?? []) + binds + [
        "if touch \(root)/written 2>/dev/null; then echo the root can be written; exit 1; fi",
        "echo the root is read-only", "exec chroot \(root) \"$@\"",
      ]).joined(separator: "\n")
    starter = Self.unshare + [script, "sh"]
  }
}
