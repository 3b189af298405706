import FoundationEssentials
import Glibc
import HostTarget
import MooringModel
import MooringTestSupport

/// A root in the `inPlace` layout in a temporary folder, and what tests do with one.
struct InPlaceHost {
  let folder: TemporaryFolder
  var options: HostTargetOptions
  var environment: EnvironmentName

  init(_ environment: String = "production", _ change: (inout HostTargetOptions) -> Void = { _ in }) throws {
    folder = try TemporaryFolder("mooring-inplace")
    options = HostTargetOptions(root: folder["etc"], layout: .inPlace)
    self.environment = try EnvironmentName(environment)
    change(&options)
    try FileManager.default.createDirectory(atPath: folder["etc"], withIntermediateDirectories: false)
  }

  /// Anew each time, as after a start.
  var layout: InPlaceLayout { InPlaceLayout(options, environment: environment) }

  @discardableResult
  func carryOut(_ step: Step, _ contents: StaticContents, overwriting: Bool = false) async throws -> StepReport {
    let plan = Plan(from: nil, to: contents.digest, changes: [], steps: [step], overwrites: overwriting)
    return try await layout.carryOut(step, of: plan, contents: contents)
  }

  /// Compares, checks and puts a release in place.
  @discardableResult
  func deploy(_ contents: StaticContents, overwriting: Bool = false) async throws -> StepReport {
    let live = try await layout.observe().deployed
    try await carryOut(.materialise(contents.digest), contents, overwriting: overwriting)
    try await carryOut(.validate(contents.digest), contents)
    return try await carryOut(.activate(contents.digest, expecting: live), contents, overwriting: overwriting)
  }

  /// The fault of a deployment that has to fail; `nil` where it didn't.
  func fault(_ contents: StaticContents, overwriting: Bool = false) async -> Fault? {
    do {
      try await deploy(contents, overwriting: overwriting)
      return nil
    } catch let fault as Fault {
      return fault
    } catch {
      return Fault(.unexpected, "not a fault: \(error)")
    }
  }

  var live: ReleaseDigest? {
    get async throws { try await layout.observe().deployed }
  }

  /// Every path in the root with what is there, Mooring's own folder not counted.
  func everything() throws -> [String: String] {
    var found: [String: String] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder["etc"]) where !path.hasPrefix(".mooring/") {
      if path == ".mooring" { continue }
      found[path] = try describe(path)
    }
    return found
  }

  func describe(_ path: String) throws -> String {
    var status = stat()
    guard lstat(folder["etc/" + path], &status) == 0 else { return "nothing" }
    let mode = String(status.st_mode & 0o7777, radix: 8)
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return "folder"
    case S_IFLNK: return "→ " + (try FileManager.default.destinationOfSymbolicLink(atPath: folder["etc/" + path]))
    case S_IFREG: return "\(mode) " + (try folder.read("etc/" + path))
    default: return "special"
    }
  }
}
