import Glibc

/// Picks those of a command line's arguments that are paths below a root; the rest may hold secrets.
struct PathsBelow: Sendable {
  private static let limit = 16
  private static let considered = 256
  private static let kept = 64

  /// The root as it was configured, and as it is with its links resolved.
  private let roots: [[ArraySlice<UInt8>]]

  init(_ root: String) {
    let resolved = realpath(root, nil)
    defer { free(resolved) }
    let spellings = Set([root] + (resolved.map { [String(cString: $0)] } ?? []))
    roots = spellings.sorted().compactMap { Self.components(Array($0.utf8), at: []) }
  }

  /// An argument that may be a path below the root.
  struct Candidate: Sendable {
    var path: [UInt8]
    var isAbsolute: Bool
    var name: FileName?
  }

  /// - Parameter place: The process's working folder.
  func candidates(in arguments: [[UInt8]], at place: [UInt8]) -> [Candidate] {
    let found = arguments.dropFirst().prefix(Self.considered).lazy.compactMap { argument -> Candidate? in
      guard let first = argument.first, first != UInt8(ascii: "-"), argument.count <= Int(PATH_MAX),
        let components = Self.components(argument, at: place), isBelow(components)
      else { return nil }
      let path = components.reduce(into: [UInt8]()) { $0 += [UInt8(ascii: "/")] + $1 }
      return Candidate(
        path: path, isAbsolute: first == UInt8(ascii: "/"), name: components.last.map { FileName($0) })
    }
    return Array(found.prefix(Self.kept))
  }

  /// Absolute paths, and relative ones of which something is there or which end with the name that is touched: of
  /// `sed -i s/a/b/ web.conf` in a folder below the root, `s/a/b/` could be a path too, but there is nothing.
  static func select(_ candidates: [Candidate], touching name: FileName?) -> [String] {
    let found = candidates.lazy.filter { $0.isAbsolute || $0.name == name || isThere($0.path) }
    return found.prefix(limit).map { String(decoding: $0.path, as: UTF8.self) }
  }

  private func isBelow(_ path: [ArraySlice<UInt8>]) -> Bool { roots.contains { path.starts(with: $0) } }

  /// A path's components with `.` and `..` taken for what they usually mean; `nil` of one that begins nowhere.
  private static func components(_ path: [UInt8], at place: [UInt8]) -> [ArraySlice<UInt8>]? {
    let slash = UInt8(ascii: "/")
    guard path.first == slash || place.first == slash else { return nil }
    var result: [ArraySlice<UInt8>] = []
    for component in (path.first == slash ? path : place + [slash] + path).split(separator: slash) {
      if component.elementsEqual("..".utf8) {
        _ = result.popLast()
      } else if !component.elementsEqual(".".utf8) {
        result.append(component)
      }
    }
    return result
  }

  static func isThere(_ path: [UInt8]) -> Bool {
    var status = stat()
    return lstat(FileName(path).terminated, &status) == 0
  }
}
