import Glibc
import MooringModel

extension SwitchRoot {
  /// Makes the folders of the persistent paths that are missing, and refuses what a release must not link to.
  borrowing func providePersistent(_ paths: [RelativePath]) throws(Fault) {
    guard !paths.isEmpty else { return }
    let top = try folder.folder(madeIfMissing: Self.persistent, permissions: 0o755)
    for path in paths {
      let names = path.string.utf8.split(separator: UInt8(ascii: "/")).map { FileName($0) }
      try Self.provide(names[...], in: top)
    }
  }

  private static func provide(_ names: ArraySlice<FileName>, in parent: borrowing Folder) throws(Fault) {
    guard let name = names.first else { return }
    let entry = try parent.entry(name)
    let isLast = names.count == 1
    switch entry?.kind {
    case nil, .folder: break
    case .regular where isLast && (entry?.permissions ?? 0) & 0o6000 == 0: return
    case .regular, .link, .other:
      throw Fault(
        .target, "a persistent path must be a folder or a plain file, not a link, a device or a setuid file",
        at: parent.path(of: name), remedy: "move it away; a folder is made in its place")
    }
    try provide(names.dropFirst(), in: parent.folder(madeIfMissing: name, permissions: 0o755))
  }
}
