import FoundationEssentials
import Glibc
import HostTarget
import MooringModel
import MooringTestSupport

/// A host target in a temporary folder, and what tests do with one.
struct Host {
  let folder: TemporaryFolder
  let options: HostTargetOptions
  let layout: SwitchLayout

  init(_ change: (inout HostTargetOptions) -> Void = { _ in }) throws {
    folder = try TemporaryFolder("mooring-host")
    var options = HostTargetOptions(root: folder["app"])
    change(&options)
    self.options = options
    layout = SwitchLayout(options)
  }

  @discardableResult
  func carryOut(_ step: Step, _ contents: StaticContents) async throws -> StepReport {
    let plan = Plan(from: nil, to: contents.digest, changes: [], steps: [step])
    return try await layout.carryOut(step, of: plan, contents: contents)
  }

  /// Writes a release and makes it live.
  func deploy(_ contents: StaticContents) async throws {
    let live = try await layout.observe().deployed
    try await carryOut(.materialise(contents.digest), contents)
    try await carryOut(.activate(contents.digest, expecting: live), contents)
  }

  /// The fault of a step that has to fail; `nil` where it didn't.
  func fault(_ step: Step, _ contents: StaticContents) async -> Fault? {
    do {
      try await carryOut(step, contents)
      return nil
    } catch let fault as Fault {
      return fault
    } catch {
      return Fault(.unexpected, "not a fault: \(error)")
    }
  }

  func release(_ contents: StaticContents) -> String { "app/releases/\(contents.digest.hex)" }

  /// The permissions of what is at a path, itself and not what it links to.
  func permissions(_ relative: String) -> mode_t {
    var status = stat()
    return lstat(folder[relative], &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  func linkTarget(_ relative: String) -> String? {
    // A link that can't be read is none.
    try? FileManager.default.destinationOfSymbolicLink(atPath: folder[relative])
  }

  /// Changes a read-only file behind the target's back, in place.
  func tamper(_ relative: String, with text: String) {
    let file = open(folder[relative], O_WRONLY | O_TRUNC)
    _ = text.withCString { write(file, $0, strlen($0)) }
    close(file)
  }
}
