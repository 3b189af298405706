import MooringModel

/// Whether a release's symbolic links stay inside it, resolved as the kernel would: component by component, through the
/// release's other links and through its folders as they are.
struct LinkCheck {
  /// Bytes of a link's target.
  static let targetLimit = 1024
  /// As Linux allows in one resolution.
  private static let hopLimit = 40
  /// Components looked up for all links of a release together.
  private static let stepLimit = 5_000_000

  private let top: ReleaseTree.Branch
  private var steps = 0

  init(top: ReleaseTree.Branch) {
    self.top = top
  }

  /// - Throws: `Fault` of the first link that leads outside, or might.
  mutating func check() throws(Fault) {
    try check([top], path: [])
  }

  private mutating func check(_ folders: [ReleaseTree.Branch], path: [FileName]) throws(Fault) {
    guard let folder = folders.last else { return }
    for child in folder.children {
      switch child.content {
      case .folder(let branch): try check(folders + [branch], path: path + [child.name])
      case .link(let target):
        guard let problem = problem(with: target, in: folders) else { continue }
        throw Fault(
          .refusedContent, "a symbolic link to \(String(describing: target).debugDescription) \(problem)",
          at: (path + [child.name]).map(\.description).joined(separator: "/"),
          remedy: "let it point inside the release, or remove it from the repository")
      case .file, .persistent: continue
      }
    }
  }

  private enum Place {
    /// In a folder of the release; the folders from the top down to it.
    case folders([ReleaseTree.Branch])
    /// This many names below the last folder, where the release has nothing to enter.
    case nowhere([ReleaseTree.Branch], below: Int)
    /// In what is kept outside releases, whose `..` is not the release's.
    case persistent
  }

  private mutating func problem(with target: FileName, in folders: [ReleaseTree.Branch]) -> String? {
    var place = Place.folders(folders)
    var pending = Self.components(of: target)
    var hops = 0
    if target.hasPrefix("/") { return "is absolute" }
    while let component = pending.popLast() {
      steps += 1
      if steps > Self.stepLimit { return "is part of too many links to follow" }
      if component == ".." {
        guard let up = Self.up(from: place) else { return "leads out of the release" }
        place = up
        continue
      }
      guard let next = Self.down(from: place, to: component) else { continue }
      switch next {
      case .place(let entered): place = entered
      case .link(let further):
        hops += 1
        if hops > Self.hopLimit { return "is part of a loop, or of too long a chain" }
        if further.hasPrefix("/") { return "goes through a link that is absolute" }
        pending += Self.components(of: further)
      }
    }
    return nil
  }

  /// In reverse, so that the next one is the last.
  private static func components(of target: FileName) -> [FileName] {
    target.bytes.split(separator: UInt8(ascii: "/")).map { FileName($0) }.filter { $0 != "." }.reversed()
  }

  private static func up(from place: Place) -> Place? {
    switch place {
    case .folders(let folders): return folders.count > 1 ? .folders(folders.dropLast()) : nil
    case .nowhere(let folders, let below): return below > 1 ? .nowhere(folders, below: below - 1) : .folders(folders)
    case .persistent: return nil
    }
  }

  private enum Step {
    case place(Place)
    case link(to: FileName)
  }

  private static func down(from place: Place, to name: FileName) -> Step? {
    switch place {
    case .persistent: return nil
    case .nowhere(let folders, let below): return .place(.nowhere(folders, below: below + 1))
    case .folders(let folders):
      switch folders.last?[name]?.content {
      case .folder(let branch): return .place(.folders(folders + [branch]))
      case .link(let target): return .link(to: target)
      case .persistent: return .place(.persistent)
      case .file, nil: return .place(.nowhere(folders, below: 1))
      }
    }
  }
}
