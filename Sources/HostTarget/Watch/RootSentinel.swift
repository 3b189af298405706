import Glibc
import MooringModel

/// Tells when the root itself may be another folder: something was renamed, removed or made on the way to it, or a file
/// system was mounted or unmounted there.
final class RootSentinel {
  let mounts = MountTable()
  private let path: [FileName]
  private var way: WayToRoot
  /// The folders above the root, and which names lead on from each.
  private var awaited: [FolderKey: Set<FileName>] = [:]
  private var mountsThen: Set<[UInt8]> = []

  init(_ path: String) {
    self.path = path.utf8.split(separator: UInt8(ascii: "/")).map { FileName($0) }
    way = WayToRoot(self.path)
    mountsThen = mountsOnTheWay()
  }

  /// Whether a notice is of a name on the way; then this has to be armed again.
  func isConcerned(by notice: FolderNotice) -> Bool {
    guard let key = notice.folder, let names = awaited[key] else { return false }
    return notice.what.contains(.unwatched) || notice.name.map(names.contains) ?? false
  }

  /// Whether mounts on the way came or went since it was asked before.
  func areMountsOthers() -> Bool {
    let now = mountsOnTheWay()
    defer { mountsThen = now }
    return now != mountsThen
  }

  /// Watches every folder above the root that is there for the next name. One that can't be watched leaves a gap in what
  /// is noticed of the root, and in nothing else.
  func arm(_ notices: any FolderNotices) {
    let before = awaited
    awaited = [:]
    way = WayToRoot(path)
    for step in way.steps {
      guard let folder = try? Folder(path: step.folder.absolutePath),
        let key = try? notices.watch(folder, namesOnly: true)
      else { continue }
      awaited[key, default: []].insert(step.name)
    }
    guard let near = nearest() else { return }
    for key in before.keys where awaited[key] == nil { notices.forget(key, near: near) }
  }

  /// Whether a folder is watched for the root's sake.
  func awaits(_ key: FolderKey) -> Bool { awaited[key] != nil }

  /// The deepest folder above the root that is there.
  func nearest() -> Folder? {
    for depth in path.indices.reversed() {
      if let folder = try? Folder(path: path[..<depth].absolutePath) { return folder }
    }
    return nil
  }

  private func mountsOnTheWay() -> Set<[UInt8]> {
    mounts.lines(concerning: [path, way.end].map { Array($0.absolutePath.utf8) })
  }
}
