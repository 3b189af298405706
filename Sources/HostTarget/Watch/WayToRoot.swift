import Glibc

/// How a path leads through folders and links: each name on which it depends, as far as they are there and beyond.
struct WayToRoot {
  struct Step {
    var folder: [FileName]
    var name: FileName
  }

  /// As many links as Linux follows in one path; see path_resolution(7).
  private static let linkLimit = 40

  private(set) var steps: [Step] = []
  /// Where it ends, without links.
  private(set) var end: [FileName] = []

  init(_ path: [FileName]) {
    var (left, links) = (Array(path.reversed()), 0)
    while let name = left.popLast() {
      if name == "." { continue }
      if name == ".." {
        _ = end.popLast()
        continue
      }
      steps.append(Step(folder: end, name: name))
      if links < Self.linkLimit, let target = Self.target(of: end + [name]) {
        links += 1
        if target.first == UInt8(ascii: "/") { end = [] }
        left += target.split(separator: UInt8(ascii: "/")).reversed().map { FileName($0) }
      } else {
        end.append(name)
      }
    }
  }

  /// `nil` of what is no link, or isn't there.
  private static func target(of path: [FileName]) -> [UInt8]? {
    let target = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
      count = buffer.withMemoryRebound(to: CChar.self) { target in
        target.baseAddress.map { max(0, readlink(path[...].absolutePath, $0, target.count)) } ?? 0
      }
    }
    return target.isEmpty ? nil : target
  }
}

extension Collection<FileName> {
  /// The path from the file system's root.
  var absolutePath: String { "/" + map(\.description).joined(separator: "/") }
}
