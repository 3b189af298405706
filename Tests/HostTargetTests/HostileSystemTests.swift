import FoundationEssentials
import Glibc
import HostTarget
import MooringModel
import MooringTestSupport
import Synchronization
import Testing

@Suite("A host that gets in the way")
struct HostileSystemTests {
  let small: StaticContents
  let large: StaticContents

  init() throws {
    small = try StaticContents(["app.conf": "port = 1\n"])
    var entries: [String: StaticContents.Entry] = [:]
    for number in 0..<40 { entries["folder\(number)/file"] = .file([UInt8](repeating: UInt8(number), count: 20_000)) }
    large = try StaticContents(entries)
  }

  @Test(
    "a full disk is a fault that says so, with production as it was and nothing half done",
    .enabled(if: Mount.isAllowed))
  func fullDisk() async throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder["disk"], withIntermediateDirectories: false)
    let disk = try Mount(["-t", "tmpfs", "-o", "size=400k", "none", folder["disk"]], at: folder["disk"])
    defer { disk.unmount() }
    let layout = SwitchLayout(HostTargetOptions(root: folder["disk/app"]))
    try await deploy(small, on: layout)
    let fault = await fault(.materialise(large.digest), large, on: layout)
    #expect(fault?.code == .target)
    #expect(fault?.what.hasSuffix("the disk is full") == true)
    #expect(fault?.remedy?.contains("free space") == true)
    #expect(try folder.names("disk/app/releases") == [small.digest.hex])
    #expect(try await layout.observe() == Observation(deployed: small.digest, retained: [small.digest]))
    #expect(try folder.read("disk/app/current/app.conf") == "port = 1\n")
  }

  @Test("a read-only file system is a fault that says so, and can still be observed", .enabled(if: Mount.isAllowed))
  func readOnly() async throws {
    let folder = try TemporaryFolder()
    let layout = SwitchLayout(HostTargetOptions(root: folder["app"]))
    try await deploy(small, on: layout)
    let root = folder["app"]
    let mount = try Mount(["--bind", root, root], at: root)
    defer { mount.unmount() }
    try Mount.run(["-o", "remount,ro,bind", root])
    for step in [Step.materialise(large.digest), .activate(large.digest, expecting: small.digest)] {
      let fault = await fault(step, large, on: layout)
      #expect(fault?.code == .target)
      if step.kind == .materialise { #expect(fault?.what.hasSuffix("the file system is read-only") == true) }
    }
    #expect(try await layout.observe() == Observation(deployed: small.digest, retained: [small.digest]))
    let report = try await carryOut(.materialise(small.digest), small, on: layout)
    #expect(report.summary == "verified 1 file, all in place")
  }

  @Test("a folder that may not be changed is a fault that says so", .enabled(if: Mount.isAllowed))
  func immutable() async throws {
    let folder = try TemporaryFolder()
    let layout = SwitchLayout(HostTargetOptions(root: folder["app"]))
    try await deploy(small, on: layout)
    try #require(changeAttribute("+i", of: folder["app/releases"]), "chattr doesn't work on this file system")
    defer { changeAttribute("-i", of: folder["app/releases"]) }
    let fault = await fault(.materialise(large.digest), large, on: layout)
    #expect(fault?.what.contains("not permitted") == true)
    #expect(fault?.place?.contains("app/releases") == true)
    #expect(try await layout.observe().deployed == small.digest)
  }

  @Test("what is mounted inside a release is not removed with it", .enabled(if: Mount.isAllowed))
  func mountedInside() async throws {
    let host = try Host { $0.keep = 1 }
    try await host.deploy(large)
    try host.folder.write("kept", to: "outside/kept")
    let place = host.folder["\(host.release(large))/folder7"]
    _ = try Mount(["--bind", host.folder["outside"], place], at: place)
    try await host.deploy(small)
    let fault = await host.fault(.retire(keeping: []), small)
    #expect(fault?.what.contains("a file system is mounted there") == true)
    #expect(try host.folder.read("outside/kept") == "kept")
    await #expect(throws: Fault.self) { try await host.layout.recover() }
    #expect(try host.folder.read("outside/kept") == "kept")
    // The mount moved with the folder that it is in.
    Mount(at: host.folder["app/releases/.retired-\(large.digest.hex)/folder7"]).unmount()
    try await host.layout.recover()
    #expect(try host.folder.names("app/releases") == [small.digest.hex])
    #expect(try host.folder.read("outside/kept") == "kept")
  }

  @Test("somebody who swaps folders for links while a release is written leads nothing outside")
  func race() async throws {
    let folder = try TemporaryFolder()
    try folder.write("kept", to: "outside/kept")
    let layout = SwitchLayout(HostTargetOptions(root: folder["app"]))
    try await deploy(small, on: layout)
    let (incoming, outside) = (folder["app/releases/.incoming-\(large.digest.hex)"], folder["outside"])
    let aside = folder["aside"]
    let count = Atomic(0)
    let meddler = Meddler {
      var swaps = 0
      for victim in (0..<40).map({ "\(incoming)/folder\($0)" }) + [incoming] {
        let number = count.add(1, ordering: .relaxed).newValue
        guard rename(victim, "\(aside)\(number)") == 0 else { continue }
        symlink(outside, victim)
        swaps += 1
      }
      return swaps
    }
    for _ in 0..<25 {
      // Either outcome is right, as long as nothing is written where a link leads.
      _ = await fault(.materialise(large.digest), large, on: layout)
      let written = folder.exists("app/releases/\(large.digest.hex)")
      if written { try FileManager.default.removeItem(atPath: folder["app/releases/\(large.digest.hex)"]) }
    }
    #expect(meddler.stop() > 0)
    #expect(try folder.names("outside") == ["kept"])
    #expect(try folder.read("outside/kept") == "kept")
    try await layout.recover()
    try await deploy(large, on: layout)
    #expect(try await layout.observe().deployed == large.digest)
  }

  private func carryOut(_ step: Step, _ contents: StaticContents, on layout: SwitchLayout) async throws -> StepReport {
    let plan = Plan(from: nil, to: contents.digest, changes: [], steps: [step])
    return try await layout.carryOut(step, of: plan, contents: contents)
  }

  private func deploy(_ contents: StaticContents, on layout: SwitchLayout) async throws {
    let live = try await layout.observe().deployed
    _ = try await carryOut(.materialise(contents.digest), contents, on: layout)
    _ = try await carryOut(.activate(contents.digest, expecting: live), contents, on: layout)
  }

  private func fault(_ step: Step, _ contents: StaticContents, on layout: SwitchLayout) async -> Fault? {
    do {
      _ = try await carryOut(step, contents, on: layout)
      return nil
    } catch let fault as Fault {
      return fault
    } catch {
      return Fault(.unexpected, "not a fault: \(error)")
    }
  }

  @discardableResult
  private func changeAttribute(_ change: String, of path: String) -> Bool {
    system("chattr \(change) '\(path)' 2>/dev/null") == 0
  }
}

/// A real mount, for as long as a test needs it.
struct Mount {
  let path: String

  /// Whether this process may mount: root in most places, nobody in some containers.
  static let isAllowed: Bool = {
    guard geteuid() == 0, let folder = try? TemporaryFolder(),
      let mount = try? Mount(["-t", "tmpfs", "none", folder.path], at: folder.path)
    else {
      return false
    }
    mount.unmount()
    return true
  }()

  init(at path: String) { self.path = path }

  init(_ arguments: [String], at path: String) throws {
    self.path = path
    try Self.run(arguments)
  }

  static func run(_ arguments: [String]) throws {
    guard system("mount " + arguments.map { "'\($0)'" }.joined(separator: " ") + " 2>/dev/null") == 0 else {
      throw CocoaError(.featureUnsupported)
    }
  }

  func unmount() { _ = system("umount '\(path)'") }
}
