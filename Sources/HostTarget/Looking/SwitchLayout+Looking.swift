import Glibc
public import MooringModel

/// Objects are named by their paths from the root: `current` is the link that says what is live, and what belongs to the
/// release is named through it, `current/app/config.yaml`, wherever the link leads at the moment. The folder of the
/// release itself is `releases/<digest>`. Patterns of rules are paths in the release: `/app/*.yaml`.
extension SwitchLayout {
  /// The link, and the release's folder with everything in it; not what is under `persistent`, nor other releases.
  ///
  /// Of a process that is neither root's nor the owner's of the releases, the owner of `releases` is taken for the one
  /// to whom everything should belong.
  public func differences(
    from contents: any ReleaseContents, in scope: LookScope, _ rules: LookRules
  ) async throws -> LiveReport {
    try Fault.wrapping(at: options.root) { try look(contents, scope, rules) }
  }

  private func look(_ contents: any ReleaseContents, _ scope: LookScope, _ rules: LookRules) throws -> LiveReport {
    deployed = contents.digest
    identity = { try contents.identity(of: $0) }
    let root = try lookingRoot()
    let releases = try releasesForLooking(root)
    let account = try SwitchRoot.account(ofReleasesIn: releases)
    var memory = try takeMemory(contents, account, rules)
    var look = LiveLook(subject(contents, rules), memory.handOver())
    defer {
      memory.baseline = look.baseline
      memories.keep(memory, isToBeWritten: look.hasLearned && scope == .everything)
    }
    let paths = paths(in: scope, contents.digest)
    if paths?.contains([]) ?? true {
      try lookAtLink(&look, root, contents)
      try look.compareTop(in: releases.descriptor)
    } else if let paths, !paths.isEmpty {
      try look.compare(paths, below: releases.descriptor)
    }
    return look.report
  }

  /// To be given back by `memories.keep`.
  func takeMemory(
    _ contents: any ReleaseContents, _ account: Account, _ rules: LookRules?
  ) throws -> LookMemory {
    try memories.take(lookKey(contents.digest, account), rules) {
      let tree = try ReleaseTree(of: contents, options: options)
      return try Baseline(of: tree, named: SwitchRoot.folderName(of: contents.digest), account) {
        try contents.identity(of: $0)
      }
    }
  }

  private func lookKey(_ digest: ReleaseDigest, _ account: Account) -> String {
    let persistent = options.persistent.map { "\($0.string.utf8.count):\($0)" }.joined(separator: ",")
    return "switch \(digest) \(account.owner):\(account.group) \(options.root) \(persistent)"
  }

  private func subject(_ contents: any ReleaseContents, _ rules: LookRules) -> LiveLook.Subject {
    LiveLook.Subject(
      reader: SightReader(identity: { try contents.identity(of: $0) }, limit: options.limits.fileBytes), rules: rules,
      prefix: Array("current/".utf8), top: SwitchRoot.object(ofRelease: contents.digest))
  }

  /// Paths in the release; `[]` is all of it, with the link. `nil` for everything.
  private func paths(in scope: LookScope, _ digest: ReleaseDigest) -> [[FileName]]? {
    guard case .objects(let objects) = scope else { return nil }
    return objects.compactMap { object in
      if object == SwitchRoot.object(ofRelease: digest) { return [] }
      let names = object.components.map { FileName($0) }
      return names.first == SwitchRoot.current ? Array(names.dropFirst()) : nil
    }
  }

  private func lookAtLink(
    _ look: inout LiveLook, _ root: borrowing SwitchRoot, _ contents: any ReleaseContents
  ) throws {
    look.compared += 1
    let name = SwitchRoot.current
    let target = Array(SwitchRoot.linkTarget(of: contents.digest).bytes)
    let expected = LiveObject(kind: .link, content: try contents.identity(of: target))
    let sighting = try look.subject.reader.sight(name.terminated, in: root.folder.descriptor, expecting: nil)
    let found = sighting?.object(expecting: nil)
    guard found != expected else { return }
    look.differences.append(
      LiveDifference(
        object: ObjectName(path: name.bytes), expected: expected, found: found,
        changed: sighting?.changed ?? LiveLook.changed(root.folder.descriptor)))
  }

  /// - Throws: `Fault` where there is no root.
  func lookingRoot() throws(Fault) -> SwitchRoot {
    guard let root = try SwitchRoot.open(options.root, making: false) else {
      throw Fault(
        .target, "the target's root is gone", at: options.root,
        remedy: "look whether its file system is mounted; a deployment makes a missing root anew")
    }
    return root
  }

  /// - Throws: `Fault` where not one release is there, which says more of a file system than of files.
  private func releasesForLooking(_ root: borrowing SwitchRoot) throws(Fault) -> Folder {
    guard try !root.retained().isEmpty else {
      throw Fault(
        .target, "all releases are gone", at: root.folder.path(of: SwitchRoot.releases),
        remedy: "look whether its file system is mounted; a deployment writes a missing release anew")
    }
    return try root.folder.folder(SwitchRoot.releases)
  }
}

extension SwitchRoot {
  static func object(ofRelease digest: ReleaseDigest) -> ObjectName {
    ObjectName(path: linkTarget(of: digest).bytes)
  }

  /// To whom a release's files should belong.
  static func account(ofReleasesIn releases: borrowing Folder) throws(Fault) -> Account {
    let entry = try releases.ownEntry()
    let own = Account.own
    let isStranger = own.owner != 0 && own.owner != entry.owner
    // A set-group-id bit hands its folder's group on.
    let handsOn = isStranger || entry.permissions & 0o2000 != 0
    return Account(owner: isStranger ? entry.owner : own.owner, group: handsOn ? entry.group : own.group)
  }
}
