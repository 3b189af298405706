import MooringModel

/// Follows the links of a release within it, as Linux would, and refuses those that lead out.
struct LinksInside {
  /// More links than this on one way are a circle, as Linux counts (path_resolution(7)).
  private static let mostLinks = 40

  /// Targets by path.
  private var targets: [String: [Substring]] = [:]
  private var absolute: String?

  init(_ files: [ReleaseFile], _ release: StoredRelease) throws {
    for file in files where file.kind == .link {
      let target = String(decoding: try release.read(file.content), as: UTF8.self)
      if target.hasPrefix("/") || target.isEmpty || target.utf8.contains(0) { absolute = file.path.string }
      targets[file.path.string] = target.split(separator: "/")
    }
  }

  func check() throws(Fault) {
    guard let path = absolute ?? targets.keys.sorted().first(where: leadsOut) else { return }
    throw Fault(
      .refusedContent, "a link that leads out of the release", at: path, remedy: "show that file or folder alone")
  }

  private func leadsOut(_ path: String) -> Bool {
    var place: [Substring] = []
    var rest = path.split(separator: "/")[...]
    var links = 0
    while let component = rest.popFirst() {
      if component == "." { continue }
      if component == ".." {
        if place.popLast() == nil { return true }
        continue
      }
      place.append(component)
      guard let target = targets[place.joined(separator: "/")] else { continue }
      links += 1
      if links > Self.mostLinks { return true }
      place.removeLast()
      rest = target[...] + rest
    }
    return false
  }
}
