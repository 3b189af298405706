import Glibc
import MooringModel

/// Tells when the root itself may be another folder: something was renamed, removed or made on the way to it, or a file
/// system was mounted or unmounted there.
final class RootSentinel {
  /// `/proc/self/mountinfo`: has exceptional news where anything was mounted or unmounted; see proc(5).
  let mounts: Int32
  private let path: String
  /// The folders above the root, and which name leads on from each.
  private var awaited: [FolderKey: FileName] = [:]
  private var mountsThen: Set<[UInt8]> = []

  init(_ path: String) {
    self.path = path
    mounts = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)
    mountsThen = mountsOnTheWay()
  }

  deinit { if mounts >= 0 { close(mounts) } }

  /// Whether a notice is of a name on the way; then this has to be armed again.
  func isConcerned(by notice: FolderNotice) -> Bool {
    guard let key = notice.folder, let name = awaited[key] else { return false }
    return notice.name == name || notice.what.contains(.unwatched)
  }

  /// Whether mounts on the way came or went since it was asked before.
  func areMountsOthers() -> Bool {
    let now = mountsOnTheWay()
    defer { mountsThen = now }
    return now != mountsThen
  }

  /// Watches every folder above the root, as far as they are there, for the next name. One that can't be watched leaves a
  /// gap in what is noticed of the root, and in nothing else.
  func arm(_ notices: any FolderNotices) {
    let before = awaited
    awaited = [:]
    let names = path.utf8.split(separator: UInt8(ascii: "/")).map { FileName($0) }
    for depth in names.indices {
      let above = "/" + names[..<depth].map(\.description).joined(separator: "/")
      guard let folder = try? Folder(path: above) else { break }
      guard let key = try? notices.watch(folder, namesOnly: true) else { continue }
      awaited[key] = names[depth]
    }
    guard let top = try? Folder(path: "/") else { return }
    for key in before.keys where awaited[key] == nil { notices.forget(key, near: top) }
  }

  /// The lines of mounts on the way to the root, at it and below it.
  private func mountsOnTheWay() -> Set<[UInt8]> {
    guard mounts >= 0, lseek(mounts, 0, SEEK_SET) == 0 else { return [] }
    var text: [UInt8] = []
    withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
      while true {
        let size = read(mounts, buffer.baseAddress, buffer.count)
        guard size > 0 else { break }
        text += buffer[..<size]
      }
    }
    let lines = text.split(separator: UInt8(ascii: "\n"))
    return Set(lines.filter { isOnTheWay($0) }.map { Array($0) })
  }

  private func isOnTheWay(_ line: ArraySlice<UInt8>) -> Bool {
    let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
    guard fields.count > 4 else { return false }
    let slash = UInt8(ascii: "/")
    let point = Array(fields[4]) == [slash] ? [] : Array(fields[4])
    let root = Array(path.utf8)
    return (root + [slash]).starts(with: point + [slash]) || point.starts(with: root + [slash])
  }
}
