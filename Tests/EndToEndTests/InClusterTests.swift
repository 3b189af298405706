import Foundation
import MooringTestSupport
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

  init(writable: [String]) throws {
    folder = try TemporaryFolder("read-only")
    let root = folder.path
    for path in writable { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    let binds = writable.map { "mount --bind \($0) \(root)\($0)" }
    let script =
      (["mount --rbind / \(root)", "mount -o remount,bind,ro \(root)"] + binds + [
        "if touch \(root)/written 2>/dev/null; then echo the root can be written; exit 1; fi",
        "echo the root is read-only", "exec chroot \(root) \"$@\"",
      ]).joined(separator: "\n")
    starter = Self.unshare + [script, "sh"]
  }
}
