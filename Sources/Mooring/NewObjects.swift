import Git
import MooringModel

/// Finds objects that were written just now and exist nowhere durable yet.
struct NewObjects {
  let repository: Repository

  /// Trees of `root`, with the root, that none of the other trees has at the same path.
  func trees(in root: ObjectID, absentFrom known: [ObjectID]) throws -> [RawObject] {
    try collect(root, known, blobs: false)
  }

  /// Trees and blobs of `root` that none of the other trees has at the same path.
  func all(in root: ObjectID, absentFrom known: [ObjectID]) throws -> [RawObject] {
    try collect(root, known, blobs: true)
  }

  private func collect(_ root: ObjectID, _ known: [ObjectID], blobs: Bool) throws -> [RawObject] {
    guard !known.contains(root) else { return [] }
    var objects = [try repository.readRaw(root)]
    let others = try known.map { tree in
      Dictionary(try repository.tree(tree).map { ($0.rawName, $0) }, uniquingKeysWith: { first, _ in first })
    }
    for entry in try repository.tree(root) {
      let same = others.compactMap { $0[entry.rawName] }
      guard !same.contains(where: { $0.id == entry.id }) else { continue }
      switch entry.mode {
      case .directory:
        objects += try collect(entry.id, same.filter { $0.mode == .directory }.map(\.id), blobs: blobs)
      case .regular, .executable, .link: if blobs { objects.append(try repository.readRaw(entry.id)) }
      case .submodule, .other: break
      }
    }
    return objects
  }
}
