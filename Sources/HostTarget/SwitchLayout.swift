import BlockingWork
public import MooringModel

/// A host whose releases are folders named by digest and whose `current` link says which is live.
///
/// ```
/// <root>/releases/<digest>/      read-only, verified before each switch
/// <root>/releases/.incoming-…    being written, .retired-… being removed
/// <root>/current                 → releases/<digest>
/// <root>/persistent/<path>       what the service keeps, linked from each release
/// ```
///
/// Safe beside readers, and beside people who change files; not beside a second writer, whom the environment's lock
/// keeps away. Every error is a `Fault`.
public actor SwitchLayout: Target {
  let options: HostTargetOptions
  /// The release that was last looked at as the one to be live.
  var deployed: ReleaseDigest?
  var memories: LookMemories
  /// Of bytes, as the contents say that were given last.
  var identity: (@Sendable ([UInt8]) throws -> ContentID)?
  private let executor = BlockingExecutor(label: "mooring.host-target")

  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// - Parameter cache: The absolute path of a folder of Mooring's own, in which looks remember what they have read.
  public init(_ options: HostTargetOptions, cache: String? = nil) {
    self.options = options
    memories = LookMemories(cache: cache, for: "switch \(options.root)")
  }

  /// What `current` names, and the releases that have a folder. A root that doesn't exist runs nothing.
  public func observe() throws -> Observation {
    guard let root = try SwitchRoot.open(options.root, making: false) else { return Observation(deployed: nil) }
    return Observation(deployed: try root.live(), retained: try root.retained())
  }

  public func carryOut(_ step: Step, of plan: Plan, contents: any ReleaseContents) async throws -> StepReport {
    do {
      return try await report(of: step, contents: contents)
    } catch let fault as Fault {
      throw fault
    } catch is CancellationError {
      throw Fault(.interrupted, "the step was interrupted", at: options.root, remedy: "repeat it")
    } catch {
      throw Fault(.unexpected, "\(error)", at: options.root)
    }
  }

  public func recover() throws {
    guard let root = try SwitchRoot.open(options.root, making: false) else { return }
    try root.recover()
  }

  private func report(of step: Step, contents: any ReleaseContents) async throws -> StepReport {
    switch step {
    case .materialise(let digest): try materialise(digest, contents)
    case .validate(let digest): try await validate(digest)
    case .activate(let digest, let expected): try activate(digest, expecting: expected)
    case .reload(let digest): try await reload(digest)
    case .retire(let kept): try retire(keeping: kept)
    case .restore(let restorations): try restore(restorations, contents)
    }
  }

  private func root() throws(Fault) -> SwitchRoot {
    guard let root = try SwitchRoot.open(options.root, making: true) else {
      throw Fault(.target, "the target's root is missing", at: options.root, remedy: "make the folder")
    }
    return root
  }
}

extension SwitchLayout {
  private func materialise(_ digest: ReleaseDigest, _ contents: any ReleaseContents) throws -> StepReport {
    guard contents.digest == digest else {
      throw Fault(.unexpected, "the contents of \(contents.digest.hex) were given for \(digest.hex)")
    }
    let tree = try ReleaseTree(of: contents, options: options)
    let root = try root()
    // Before anything is written: what is live, and that it is ours.
    _ = try root.live()
    try root.providePersistent(options.persistent)
    let count = "\(tree.fileCount) \(tree.fileCount == 1 ? "file" : "files")"
    let summary =
      switch try root.materialise(tree, of: contents, limits: options.limits) {
      case .written: "materialised \(count)"
      case .verified: "verified \(count), all in place"
      case .rebuilt(let place): "rebuilt \(count), because \(place) differed"
      }
    return StepReport(step: .materialise, summary: summary)
  }

  private func validate(_ digest: ReleaseDigest) async throws -> StepReport {
    guard let arguments = options.validate else {
      return StepReport(step: .validate, summary: "no check is configured")
    }
    let (path, place) = try written(digest)
    let check = OperatorProgram(
      role: "the check of the release", arguments: arguments, root: place, release: digest,
      timeLimit: options.validateTimeLimit)
    let output = try await check.run(in: path)
    return StepReport(step: .validate, summary: "\(arguments.first ?? "") accepts the release", output: output)
  }

  /// The paths of the root and of a release that is there.
  private func written(_ digest: ReleaseDigest) throws(Fault) -> (root: String, release: String) {
    let root = try root()
    let place = root.releasePath(of: digest)
    guard try root.retained().contains(digest) else {
      throw Fault(.target, "the release is not on this machine", at: place, remedy: "plan again, to write it")
    }
    return (root.path, place)
  }

  private func activate(_ digest: ReleaseDigest, expecting expected: ReleaseDigest?) throws -> StepReport {
    let done = try root().activate(digest, expecting: expected)
    return StepReport(step: .activate, summary: done ? "\(digest.short) is live" : "\(digest.short) was live already")
  }

  private func reload(_ digest: ReleaseDigest) async throws -> StepReport {
    guard let arguments = options.reload else {
      return StepReport(step: .reload, summary: "nobody is to be told")
    }
    let path = try root().path
    let program = OperatorProgram(
      role: "the reload", arguments: arguments, root: "\(path)/current", release: digest,
      timeLimit: options.reloadTimeLimit)
    let output = try await program.run(in: path)
    return StepReport(step: .reload, summary: "\(arguments.first ?? "") was told", output: output)
  }

  private func retire(keeping kept: Set<ReleaseDigest>) throws -> StepReport {
    let removed = try root().retire(keeping: kept, limit: options.keep)
    let count = "\(removed.count) \(removed.count == 1 ? "release" : "releases")"
    return StepReport(step: .retire, summary: removed.isEmpty ? "nothing to remove" : "removed \(count)")
  }
}
