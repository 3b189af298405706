import Glibc
import MooringModel

extension SwitchRoot {
  /// Makes a release live by one rename. A crash before it leaves the old release and a leftover, after it the new one.
  ///
  /// - Returns: Whether anything had to be done.
  /// - Throws: `Fault` where something else is live than expected, or where the release isn't there.
  borrowing func activate(_ digest: ReleaseDigest, expecting expected: ReleaseDigest?) throws(Fault) -> Bool {
    let live = try live()
    if live == digest {
      // Done before, but perhaps by one who crashed before it was durable.
      try folder.sync()
      return false
    }
    guard live == expected else {
      throw Fault(
        .target, "\(live?.hex ?? "nothing") is live where the plan saw \(expected?.hex ?? "nothing")",
        at: folder.path(of: Self.current), remedy: "look who switched it, and plan again")
    }
    try markAsRecent(digest)
    let next = FileName(Self.nextPrefix)
    try folder.removeFile(next)
    try folder.makeLink(next, to: Self.linkTarget(of: digest))
    do {
      try folder.rename(next, to: Self.current)
    } catch {
      try folder.removeFile(next)
      throw error
    }
    try folder.sync()
    return true
  }

  /// Opens the release's folder, which proves that it is one, and notes the time, by which retirement finds the oldest.
  private borrowing func markAsRecent(_ digest: ReleaseDigest) throws(Fault) {
    let releases = try releasesFolder()
    guard try releases.entry(Self.folderName(of: digest))?.kind == .folder else {
      throw Fault(
        .target, "the release is not on this machine", at: releasePath(of: digest), remedy: "plan again, to write it")
    }
    let release = try releases.folder(Self.folderName(of: digest))
    guard futimens(release.descriptor, nil) == 0 else {
      throw .system(errno, cannot: "note when it was made live", at: release.place)
    }
  }
}
