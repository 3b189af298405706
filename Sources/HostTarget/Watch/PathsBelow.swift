import Glibc

/// Picks those of a command line's arguments that are paths below roots; the rest may hold secrets.
struct PathsBelow: Sendable {
  private static let limit = 16
  private static let considered = 256
  private static let kept = 64

  /// A root as it was configured, and as it is with its links resolved.
  struct Root: Sendable, Hashable {
    fileprivate let spellings: Set<[UInt8]>

    init(_ root: String) {
      let resolved = realpath(root, nil)
      defer { free(resolved) }
      let spellings = [root] + (resolved.map { [String(cString: $0)] } ?? [])
      self.spellings = Set(spellings.compactMap { components(Array($0.utf8), at: []).map(joined) })
    }

    func contains(_ path: [UInt8]) -> Bool { prefixes(of: path).contains { spellings.contains($0) } }
  }

  /// How often each spelling is a root's.
  private var spellings: [[UInt8]: Int] = [:]

  mutating func insert(_ root: Root) {
    for spelling in root.spellings { spellings[spelling, default: 0] += 1 }
  }

  mutating func remove(_ root: Root) {
    for spelling in root.spellings {
      let others = (spellings[spelling] ?? 1) - 1
      spellings[spelling] = others > 0 ? others : nil
    }
  }

  /// An argument that may be a path below a root.
  struct Candidate: Sendable {
    var path: [UInt8]
    var isAbsolute: Bool
    var name: FileName?
  }

  /// - Parameter place: The process's working folder.
  func candidates(in arguments: [[UInt8]], at place: [UInt8]) -> [Candidate] {
    let found = arguments.dropFirst().prefix(Self.considered).lazy.compactMap { argument -> Candidate? in
      guard let first = argument.first, first != UInt8(ascii: "-"), argument.count <= Int(PATH_MAX),
        let components = components(argument, at: place)
      else { return nil }
      let path = joined(components)
      guard prefixes(of: path).contains(where: { spellings[$0] != nil }) else { return nil }
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

  static func isThere(_ path: [UInt8]) -> Bool {
    var status = stat()
    return lstat(FileName(path).terminated, &status) == 0
  }
}

private let slash = UInt8(ascii: "/")

/// A path's components with `.` and `..` taken for what they usually mean; `nil` of one that begins nowhere.
private func components(_ path: [UInt8], at place: [UInt8]) -> [ArraySlice<UInt8>]? {
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

private func joined(_ components: [ArraySlice<UInt8>]) -> [UInt8] {
  components.reduce(into: []) { $0 += [slash] + $1 }
}

/// A path and those of the folders above it, the one of `/` empty.
private func prefixes(of path: [UInt8]) -> some Sequence<[UInt8]> {
  (0...path.count).lazy.filter { $0 == path.count || path[$0] == slash }.map { Array(path.prefix($0)) }
}
