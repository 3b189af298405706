import BlockingWork
public import MooringModel

/// A host whose files of a release lie where they belong, among those of others.
///
/// ```
/// <root>/<path>                   a file, a link or a folder of the release
/// <root>/<folder>/.mooring-new-…  about to be renamed to its place, .mooring-old-… what stood there
/// <root>/.mooring/<environment>/  the inventory, the intent of a deployment under way, kept/ copies
/// ```
///
/// A deployment as a whole goes forward or back: whatever stops it, the next step finishes it or undoes it first. Each
/// file is the old or the new one at any moment; only where a folder takes the place of a file, or a file that of a
/// folder, there is a moment without either. Every error is a `Fault`.
public actor InPlaceLayout: Target {
  let options: HostTargetOptions
  let environment: EnvironmentName
  var memories: LookMemories
  /// Of bytes, as the contents say that were given last.
  var identity: (@Sendable ([UInt8]) throws -> ContentID)?
  private let executor = BlockingExecutor(label: "mooring.host-target")

  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// - Parameters:
  ///   - environment: Whose inventory it is: several may share a root, as long as they share no path.
  ///   - cache: The absolute path of a folder of Mooring's own, in which looks remember what they have read.
  public init(_ options: HostTargetOptions, environment: EnvironmentName, cache: String? = nil) {
    self.options = options
    self.environment = environment
    memories = LookMemories(cache: cache, for: "inPlace \(options.root) \(environment)")
  }

  /// The release that was put there last, whole.
  public func observe() throws -> Observation {
    let names = [InPlaceStore.folderName, FileName(environment.string)]
    guard let root = try Folder.root(options.root, making: false) else { return Observation(deployed: nil) }
    for depth in 1...names.count {
      let parent = try root.folder(beneath: Array(names.prefix(depth - 1)))
      guard try parent.entry(names[depth - 1]) != nil else { return Observation(deployed: nil) }
    }
    let store = try root.folder(beneath: names)
    try InPlaceStore.refuseStrangers(store)
    let release = try InPlaceStore.readInventory(InPlaceStore.inventory, in: store)?.release
    return Observation(deployed: release, retained: release.map { [$0] } ?? [])
  }

  public func carryOut(_ step: Step, of plan: Plan, contents: any ReleaseContents) async throws -> StepReport {
    do {
      return try await report(of: step, plan, contents)
    } catch let fault as Fault {
      throw fault
    } catch is CancellationError {
      throw Fault(.interrupted, "the step was interrupted", at: options.root, remedy: "repeat it")
    } catch {
      throw Fault(.unexpected, "\(error)", at: options.root)
    }
  }

  /// Finishes or undoes what an interrupted deployment left.
  public func recover() throws {
    guard try Folder.root(options.root, making: false) != nil else { return }
    try InPlaceRoot(options, of: environment).recover()
  }

  private func report(of step: Step, _ plan: Plan, _ contents: any ReleaseContents) async throws -> StepReport {
    switch step {
    case .materialise(let digest): try materialise(digest, plan, contents)
    case .validate(let digest): try await validate(digest, contents)
    case .activate(let digest, let expected): try activate(digest, expecting: expected, plan, contents)
    case .reload(let digest): try await reload(digest)
    case .retire: StepReport(step: .retire, summary: "nothing to remove")
    case .restore(let restorations): try restore(restorations, contents)
    }
  }
}

extension InPlaceLayout {
  /// Says what stands against the release before anything is touched; puts a release right that is live already.
  private func materialise(_ digest: ReleaseDigest, _ plan: Plan, _ contents: any ReleaseContents) throws -> StepReport
  {
    let tree = try tree(digest, contents)
    let root = try InPlaceRoot(options, of: environment)
    try root.recover()
    let changes = try root.survey(tree, of: contents, options: options, plan)
    guard try root.inventory()?.release == digest else {
      return StepReport(step: .materialise, summary: "compared \(tree.count) files: \(changes.summary)")
    }
    if !changes.changes.isEmpty {
      try root.apply(changes, release: digest, contents: contents, options: options)
    }
    return StepReport(step: .materialise, summary: "verified \(tree.count) files: \(Self.summary(of: changes))")
  }

  private func activate(
    _ digest: ReleaseDigest, expecting expected: ReleaseDigest?, _ plan: Plan, _ contents: any ReleaseContents
  ) throws -> StepReport {
    let tree = try tree(digest, contents)
    let root = try InPlaceRoot(options, of: environment)
    try root.recover()
    let live = try root.inventory()?.release
    guard live == expected || live == digest else {
      throw Fault(
        .target, "\(live?.hex ?? "nothing") is live where the plan saw \(expected?.hex ?? "nothing")", at: options.root,
        remedy: "look who deployed it, and plan again")
    }
    let changes = try root.survey(tree, of: contents, options: options, plan)
    if live == digest && changes.changes.isEmpty {
      return StepReport(step: .activate, summary: "\(digest.short) was live already")
    }
    try root.apply(changes, release: digest, contents: contents, options: options)
    return StepReport(step: .activate, summary: "\(digest.short) is live: \(Self.summary(of: changes))")
  }

  private static func summary(of changes: InPlaceChanges) -> String {
    let kept = changes.kept.count
    return changes.summary
      + (kept == 0 ? "" : "; copies of \(kept) that others had changed are in .mooring, under `kept`")
  }

  private func tree(_ digest: ReleaseDigest, _ contents: any ReleaseContents) throws -> InPlaceTree {
    guard contents.digest == digest else {
      throw Fault(.unexpected, "the contents of \(contents.digest.hex) were given for \(digest.hex)")
    }
    return try InPlaceTree(of: contents, options: options)
  }

  // MARK: Programs

  /// Writes the whole release to a folder of its own and asks about that: nothing that anybody looks at has changed.
  private func validate(_ digest: ReleaseDigest, _ contents: any ReleaseContents) async throws -> StepReport {
    guard let arguments = options.validate else {
      return StepReport(step: .validate, summary: "no check is configured")
    }
    let name = FileName(InPlaceStore.checkPrefix + digest.hex)
    let place = try writeCheck(name, try tree(digest, contents), contents)
    let check = OperatorProgram(
      role: "the check of the release", arguments: arguments, root: place, release: digest,
      timeLimit: options.validateTimeLimit)
    let output: String
    do {
      output = try await check.run(in: options.root)
    } catch {
      try removeCheck(name)
      throw error
    }
    try removeCheck(name)
    return StepReport(step: .validate, summary: "\(arguments.first ?? "") accepts the release", output: output)
  }

  private func writeCheck(_ name: FileName, _ tree: InPlaceTree, _ contents: any ReleaseContents) throws -> String {
    let store = try InPlaceRoot(options, of: environment).store.folder.folder(beneath: [])
    try store.removeTree(name)
    var writer = InPlaceWriter(contents: contents, limits: options.limits, isDurable: false)
    let top = InPlaceTree.Node(name: name, entry: .folder(mode: 0o755, .own), children: tree.top)
    do {
      try writer.write(top, as: name, in: store, at: "")
    } catch {
      try? store.removeTree(name)
      throw error
    }
    return "\(options.root)/\(InPlaceStore.folderName)/\(environment)/\(name)"
  }

  private func removeCheck(_ name: FileName) throws(Fault) {
    try InPlaceRoot(options, of: environment).store.folder.removeTree(name)
  }

  private func reload(_ digest: ReleaseDigest) async throws -> StepReport {
    guard let arguments = options.reload else {
      return StepReport(step: .reload, summary: "nobody is to be told")
    }
    let program = OperatorProgram(
      role: "the reload", arguments: arguments, root: options.root, release: digest,
      timeLimit: options.reloadTimeLimit)
    let output = try await program.run(in: options.root)
    return StepReport(step: .reload, summary: "\(arguments.first ?? "") was told", output: output)
  }
}
