import Glibc
import MooringModel

extension SwitchRoot {
  /// Removes releases beyond the `limit` that were live or written last. The live one and `named` always stay.
  ///
  /// - Returns: What was removed, oldest first.
  borrowing func retire(keeping named: Set<ReleaseDigest>, limit: Int) throws(Fault) -> [ReleaseDigest] {
    let live = try live()
    let releases = try releasesFolder()
    var aged: [(digest: ReleaseDigest, modified: timespec)] = []
    for digest in try retained() {
      guard let entry = try releases.entry(Self.folderName(of: digest)) else { continue }
      aged.append((digest, entry.modified))
    }
    aged.sort {
      ($0.modified.tv_sec, $0.modified.tv_nsec, $0.digest) < ($1.modified.tv_sec, $1.modified.tv_nsec, $1.digest)
    }
    let surplus = aged.dropLast(max(1, limit)).map(\.digest).filter { $0 != live && !named.contains($0) }
    for digest in surplus { try remove(digest, from: releases) }
    return surplus
  }

  /// The name goes first, and durably: a release that is half removed has none.
  private borrowing func remove(_ digest: ReleaseDigest, from releases: borrowing Folder) throws(Fault) {
    let retired = FileName(Self.retiredPrefix + digest.hex)
    try releases.removeTree(retired)
    try releases.rename(Self.folderName(of: digest), to: retired)
    try releases.sync()
    try releases.removeTree(retired)
  }

  /// Removes what an interrupted step left: nothing of it has a name that `current` could lead to.
  borrowing func recover() throws(Fault) {
    _ = try live()
    for name in try folder.names() where name.hasPrefix(Self.nextPrefix) { try folder.removeTree(name) }
    guard try folder.entry(Self.releases)?.kind == .folder else { return }
    let releases = try folder.folder(Self.releases)
    for name in try releases.names()
    where name.hasPrefix(Self.incomingPrefix) || name.hasPrefix(Self.retiredPrefix) {
      try releases.removeTree(name)
    }
  }
}
