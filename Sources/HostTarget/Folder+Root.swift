import MooringModel

extension Folder {
  /// Opens a target's root, of which the last component must be a folder itself.
  ///
  /// - Parameter making: Whether to make that where it is missing.
  /// - Returns: `nil` where it is missing and isn't to be made.
  static func root(_ path: String, making: Bool) throws(Fault) -> Folder? {
    let components = path.utf8.split(separator: UInt8(ascii: "/")).map { FileName($0) }
    guard path.utf8.first == UInt8(ascii: "/"), let name = components.last, !path.utf8.contains(0),
      !components.contains(".."), !components.contains(".")
    else {
      throw Fault(
        .configuration, "the target's root must be the absolute path of a folder, without . and ..", at: path,
        remedy: "write it as in /srv/app")
    }
    let parent = try Folder(path: "/" + components.dropLast().map(\.description).joined(separator: "/"))
    switch try parent.entry(name)?.kind {
    case .folder: break
    case nil where making: _ = try parent.folder(madeIfMissing: name, permissions: 0o755)
    case nil: return nil
    case .link, .regular, .other:
      throw Fault(
        .target, "the target's root is not a folder itself, but a link or a file", at: path,
        remedy: "name the folder's real path, or move away what is there")
    }
    return try parent.folder(name)
  }
}
