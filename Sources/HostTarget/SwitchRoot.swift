import Glibc
import MooringModel

/// The open root of a target in the `switch` layout, and the one link in it that says what is live.
struct SwitchRoot: ~Copyable {
  static let current: FileName = "current"
  static let releases: FileName = "releases"
  static let persistent: FileName = "persistent"
  /// What `current` is made under before it is renamed.
  static let nextPrefix = ".current-new"

  let folder: Folder
  /// The absolute path, without a `/` at its end.
  let path: String

  /// Opens the root.
  ///
  /// - Parameter making: Whether to make its last component where it is missing.
  /// - Returns: `nil` where it is missing and isn't to be made.
  static func open(_ path: String, making: Bool) throws(Fault) -> SwitchRoot? {
    guard let root = try Folder.root(path, making: making) else { return nil }
    let place = root.place
    return SwitchRoot(folder: root, path: place)
  }

  private init(folder: consuming Folder, path: String) {
    self.folder = folder
    self.path = path
  }

  static func folderName(of digest: ReleaseDigest) -> FileName { FileName(digest.hex) }
  static func linkTarget(of digest: ReleaseDigest) -> FileName { FileName("releases/\(digest.hex)") }
  func releasePath(of digest: ReleaseDigest) -> String { "\(path)/releases/\(digest.hex)" }

  /// The folder of all releases, made when it is missing.
  borrowing func releasesFolder() throws(Fault) -> Folder {
    try folder.folder(madeIfMissing: Self.releases, permissions: 0o755)
  }

  /// The release that `current` names; `nil` where there is no `current`.
  ///
  /// - Throws: `Fault` where `current` isn't a link as we make it.
  borrowing func live() throws(Fault) -> ReleaseDigest? {
    guard let entry = try folder.entry(Self.current) else { return nil }
    let place = folder.path(of: Self.current)
    let remedy = "move it away, or give Mooring a root of its own; it is left alone"
    guard entry.kind == .link, let target = try folder.linkTarget(Self.current) else {
      let what = entry.kind == .folder ? "a folder" : entry.kind == .regular ? "a file" : "a special file"
      throw Fault(.target, "\(what) stands where the link to the live release belongs", at: place, remedy: remedy)
    }
    guard let digest = Self.digest(fromTarget: target) else {
      let text = String(decoding: target.prefix(256), as: UTF8.self).debugDescription
      throw Fault(.target, "the link leads to \(text), which is no release of ours", at: place, remedy: remedy)
    }
    return digest
  }

  static func digest(fromTarget target: [UInt8]) -> ReleaseDigest? {
    let prefix = Array("releases/".utf8)
    guard target.starts(with: prefix) else { return nil }
    return digest(fromFolder: FileName(target.dropFirst(prefix.count)))
  }

  /// The release that a folder in `releases` holds by its name: 40 lower-case digits.
  static func digest(fromFolder name: FileName) -> ReleaseDigest? {
    guard let digest = ReleaseDigest(hex: name.description), folderName(of: digest) == name else { return nil }
    return digest
  }

  /// The releases that have a folder.
  borrowing func retained() throws(Fault) -> Set<ReleaseDigest> {
    guard let entry = try folder.entry(Self.releases) else { return [] }
    guard entry.kind == .folder else {
      throw Fault(
        .target, "the folder of the releases is a link or a file", at: folder.path(of: Self.releases),
        remedy: "move it away, or give Mooring a root of its own")
    }
    let releases = try folder.folder(Self.releases)
    var found: Set<ReleaseDigest> = []
    for name in try releases.names() {
      guard let digest = Self.digest(fromFolder: name), try releases.entry(name)?.kind == .folder else { continue }
      found.insert(digest)
    }
    return found
  }
}
