import CLinux
import Glibc
import MooringModel

extension SwitchRoot {
  static let incomingPrefix = ".incoming-"
  static let retiredPrefix = ".retired-"

  enum Materialisation {
    case written, verified
    /// There, but different from the release at this path first.
    case rebuilt(difference: String)
  }

  /// Makes the release's folder hold exactly the release.
  ///
  /// A crash leaves at most folders that ``recover()`` removes: a release's own name appears, or changes, by one rename
  /// of what is complete and durable.
  borrowing func materialise(
    _ tree: ReleaseTree, of contents: any ReleaseContents, limits: HostTargetOptions.Limits
  ) throws -> Materialisation {
    let releases = try releasesFolder()
    let name = Self.folderName(of: contents.digest)
    guard let entry = try releases.entry(name) else {
      try write(tree, of: contents, limits: limits, in: releases) { (releases, incoming) throws(Fault) in
        try releases.rename(incoming, to: name)
      }
      return .written
    }
    let verifier = ReleaseVerifier(contents: contents, limits: limits)
    let difference =
      ReleaseVerifier.isReleaseFolder(entry)
      ? try verifier.difference(of: releases.folder(name), from: tree.top) : releases.path(of: name)
    guard let difference else {
      try releases.sync()
      return .verified
    }
    let isLive = try live() == contents.digest
    try write(tree, of: contents, limits: limits, in: releases) { (releases, incoming) throws(Fault) in
      try Self.replace(name, with: incoming, in: releases, isLive: isLive)
    }
    return .rebuilt(difference: difference)
  }

  /// Writes the release beside its place, makes it durable, and lets `publish` put it there.
  private borrowing func write(
    _ tree: ReleaseTree, of contents: any ReleaseContents, limits: HostTargetOptions.Limits,
    in releases: borrowing Folder, publish: (borrowing Folder, FileName) throws(Fault) -> Void
  ) throws {
    let incoming = FileName(Self.incomingPrefix + contents.digest.hex)
    try releases.removeTree(incoming)
    do {
      let folder = try releases.newFolder(incoming)
      var writer = ReleaseWriter(contents: contents, limits: limits)
      try writer.write(tree.top, into: folder)
      try folder.syncFileSystem()
      try Self.confirm(folder, isStill: incoming, in: releases)
      try publish(releases, incoming)
    } catch {
      // What has failed is told; that clearing up failed too would hide it, and the next recovery clears up again.
      try? releases.removeTree(incoming)
      throw error
    }
    try releases.sync()
  }

  /// What gets the release's name must be the folder that was written, not what somebody put in its place.
  private static func confirm(
    _ folder: borrowing Folder, isStill name: FileName, in parent: borrowing Folder
  ) throws(Fault) {
    let (own, named) = (try folder.ownEntry(), try parent.entry(name))
    guard let named, named.kind == .folder, named.inode == own.inode, named.device == own.device else {
      throw Fault(
        .target, "somebody replaced the folder while it was written", at: parent.path(of: name),
        remedy: "look who else changes the target's root, and repeat")
    }
  }

  /// Exchanges the two folders, so that `current` never leads nowhere, and removes the old one.
  private static func replace(
    _ name: FileName, with incoming: FileName, in releases: borrowing Folder, isLive: Bool
  ) throws(Fault) {
    let retired = FileName(retiredPrefix + name.description)
    try releases.removeTree(retired)
    let isExchanged = mooring_exchange(releases.descriptor, incoming.terminated, name.terminated) == 0
    let failure = isExchanged ? 0 : errno
    switch failure {
    case 0: try releases.rename(incoming, to: retired)
    case EINVAL where !isLive, ENOSYS where !isLive:
      // A file system that can't exchange; nobody looks at this folder, so two renames do.
      try releases.rename(name, to: retired)
      try releases.rename(incoming, to: name)
    default: throw .system(failure, cannot: "exchange it with the rebuilt release", at: releases.path(of: name))
    }
    try releases.sync()
    try releases.removeTree(retired)
  }
}
