import Glibc
import MooringModel

extension SwitchLayout {
  /// What is replaced or removed in a release's folder is gone: nothing but the release belongs there.
  func restore(_ restorations: [Restoration], _ contents: any ReleaseContents) throws -> StepReport {
    identity = { try contents.identity(of: $0) }
    deployed = contents.digest
    let root = try lookingRoot()
    var tally = PutBackTally()
    let top = SwitchRoot.object(ofRelease: contents.digest)
    let tree = try restorations.contains { $0.object == top } ? ReleaseTree(of: contents, options: options) : nil
    if let tree { tally.restored += try restoreRelease(tree, contents, root) }
    let inside = restorations.compactMap { restoration -> (Restoration, [FileName])? in
      let names = restoration.object.components.map { FileName($0) }
      return names.first == SwitchRoot.current && names.count > 1 ? (restoration, Array(names.dropFirst())) : nil
    }
    if !inside.isEmpty { tally.add(try restore(inside, contents, root)) }
    for restoration in restorations where restoration.object == ObjectName(path: SwitchRoot.current.bytes) {
      do {
        tally.add(try restoreLink(restoration, contents, root), of: restoration.object)
      } catch {
        tally.add(error, of: restoration.object)
      }
    }
    return try tally.report(at: options.root)
  }

  private func restoreRelease(
    _ tree: ReleaseTree, _ contents: any ReleaseContents, _ root: borrowing SwitchRoot
  ) throws -> Int {
    if case .verified = try root.materialise(tree, of: contents, limits: options.limits) { return 0 }
    return 1
  }

  private func restore(
    _ restorations: [(Restoration, [FileName])], _ contents: any ReleaseContents, _ root: borrowing SwitchRoot
  ) throws -> PutBackTally {
    let releases = try root.releasesFolder()
    let name = SwitchRoot.folderName(of: contents.digest)
    let account = try SwitchRoot.account(ofReleasesIn: releases)
    let memory = try takeMemory(contents, account, nil)
    defer { memories.keep(memory, isToBeWritten: false) }
    let workshop = FileName(SwitchRoot.incomingPrefix + "put")
    try releases.removeTree(workshop)
    let place = ObjectRestorer.Place(try releases.newFolder(workshop))
    var restorer = ObjectRestorer(
      top: try releases.folder(name), workshop: place, kept: nil, baseline: memory.baseline, contents: contents,
      limits: options.limits, links: links)
    try restorer.restore(restorations)
    try releases.removeTree(workshop)
    return restorer.tally
  }

  /// Where our links to what is persistent lead.
  private var links: [[FileName]: FileName] {
    Dictionary(
      options.persistent.map { ($0.names, ReleaseTree.target(ofPersistent: $0)) }, uniquingKeysWith: { $1 })
  }

  /// Exchanges the link with a right one.
  private func restoreLink(
    _ restoration: Restoration, _ contents: any ReleaseContents, _ root: borrowing SwitchRoot
  ) throws -> PutBack.Outcome {
    guard restoration.seen?.kind != .folder else {
      throw Fault(
        .target, "a folder stands where the link to the live release belongs",
        at: root.folder.path(of: SwitchRoot.current), remedy: "move it away; it is left alone")
    }
    guard try root.retained().contains(contents.digest) else {
      throw Fault(
        .target, "the release is not on this machine", at: root.releasePath(of: contents.digest),
        remedy: "deploy it, which writes it anew")
    }
    let target = SwitchRoot.linkTarget(of: contents.digest)
    var builder = BaselineBuilder(top: nil, named: ".")
    let link = InPlaceEntry.link(try contents.identity(of: Array(target.bytes)))
    builder.add([link]) { (SwitchRoot.current, $0, []) }
    let workshop = ObjectRestorer.Place(try root.folder.folder("."))
    var restorer = ObjectRestorer(
      top: try root.folder.folder("."), workshop: workshop, kept: nil, baseline: builder.baseline, contents: contents,
      limits: options.limits, links: [[SwitchRoot.current]: target])
    return try restorer.restore(restoration, at: [SwitchRoot.current], as: FileName(SwitchRoot.nextPrefix + "-put"))
  }
}
