import Glibc
public import MooringModel

/// Objects are named by their paths from the root, and so are patterns of rules.
extension InPlaceLayout {
  /// What the inventory says of this environment; of others' files those in folders that Mooring made, and those
  /// directly in folders that the rules name, where no environment's inventory has them.
  public func differences(
    from contents: any ReleaseContents, in scope: LookScope, _ rules: LookRules
  ) async throws -> LiveReport {
    try Fault.wrapping(at: options.root) { try look(contents, scope, rules) }
  }

  private func look(_ contents: any ReleaseContents, _ scope: LookScope, _ rules: LookRules) throws -> LiveReport {
    identity = { try contents.identity(of: $0) }
    let root = try lookingRoot()
    let all = try InPlaceRecords(in: root)
    let key = try all.key(of: environment, watched: rules.watched)
    var memory = try memories.take(key, rules) { Baseline(of: try all.items(of: environment), watched: rules.watched) }
    var look = LiveLook(subject(contents, rules, try all.others(than: environment)), memory.handOver())
    defer {
      memory.baseline = look.baseline
      memories.keep(memory, isToBeWritten: look.hasLearned && scope == .everything)
    }
    let paths = paths(in: scope)
    if let paths, !paths.contains([]) {
      if !paths.isEmpty { try look.compare(paths, below: root.descriptor) }
    } else {
      try look.compareTop(in: root.descriptor)
    }
    return look.report
  }

  private func subject(
    _ contents: any ReleaseContents, _ rules: LookRules, _ others: OtherInventories
  ) -> LiveLook.Subject {
    LiveLook.Subject(
      reader: SightReader(identity: { try contents.identity(of: $0) }, limit: options.limits.fileBytes), rules: rules,
      prefix: [], top: ObjectName(path: Array(".".utf8)),
      isPrivate: { folder, name in InPlaceNames.isPrivate(name, atTop: folder.isEmpty) },
      isTheirs: { try others.have($0) })
  }

  /// `nil` for everything, which is also what is meant by the root itself.
  private func paths(in scope: LookScope) -> [[FileName]]? {
    guard case .objects(let objects) = scope else { return nil }
    return objects.map { $0.components.map { FileName($0) } }.map { $0 == ["."] ? [] : $0 }
  }

  /// - Throws: `Fault` where there is no root.
  func lookingRoot() throws(Fault) -> Folder {
    guard let root = try Folder.root(options.root, making: false) else {
      throw Fault(
        .target, "the target's root is gone", at: options.root,
        remedy: "look whether its file system is mounted; a deployment makes a missing root anew")
    }
    return root
  }
}

/// Names in a root that are Mooring's own.
enum InPlaceNames {
  private static let store = Array(InPlaceStore.folderName.terminated.dropLast())
  private static let temporaries = [InPlaceIntent.newPrefix, InPlaceIntent.oldPrefix, PutBack.prefix].map {
    $0.utf8.map { CChar(bitPattern: $0) }
  }

  static func isPrivate(_ name: UnsafePointer<CChar>, atTop: Bool) -> Bool {
    if temporaries.contains(where: { strncmp(name, $0, $0.count) == 0 }) { return true }
    return atTop && strlen(name) == store.count && strncmp(name, store, store.count) == 0
  }
}
