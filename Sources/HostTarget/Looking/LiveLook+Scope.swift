import Glibc
import MooringModel

extension LiveLook {
  /// Looks at the objects at these paths only, each without the prefix, and at what is below them.
  ///
  /// Of something in a folder that isn't ours, or in something that should be no folder, that is told.
  mutating func compare(_ paths: [[FileName]], below parent: Int32) throws {
    guard let top = FolderStream(withName(of: 0) { FolderStream.open($0, in: parent) }) else {
      return try compareTop(in: parent)
    }
    var last: [FileName]?
    for path in paths.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      if let last, path.starts(with: last) { continue }
      last = path
      try compare(path[...], of: 0, in: top)
    }
    removeRepeated()
  }

  private mutating func compare(_ path: ArraySlice<FileName>, of index: Int, in stream: borrowing FolderStream) throws {
    guard let name = path.first else { return }
    guard let child = baseline.child(of: index, named: name) else {
      guard baseline.records[index].has(Baseline.Record.isWatched), !isPrivate(name) else { return }
      return try compareStranger(name, in: stream.descriptor)
    }
    let record = baseline.records[child]
    guard !record.has(Baseline.Record.isIgnored) else { return }
    if path.count > 1, record.isFolder,
      let inner = FolderStream(FolderStream.open(name.terminated, in: stream.descriptor))
    {
      enter(child)
      defer { leave(child) }
      return try compare(path.dropFirst(), of: child, in: inner)
    }
    var unsure: [Unsure] = []
    try compare(child, in: stream.descriptor, &unsure)
    try settle(unsure, in: stream.descriptor)
  }

  private func isPrivate(_ name: FileName) -> Bool {
    name.terminated.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { subject.isPrivate(path[...], $0) } ?? false
    }
  }

  /// Looks at the folder itself, which bears the baseline's first name, and at everything in it.
  mutating func compareTop(in parent: Int32) throws {
    var unsure: [Unsure] = []
    try compare(0, in: parent, &unsure)
  }

  /// Two paths in one new folder tell of the same folder.
  private mutating func removeRepeated() {
    var told: Set<ObjectName> = []
    differences.removeAll { !told.insert($0.object).inserted }
  }
}
