import Glibc
import MooringModel

extension Folder {
  struct Listed {
    var name: FileName
    var isFolder: Bool
  }

  /// The names in it and which of them are folders, without asking about each where the file system says it.
  borrowing func listing() throws(Fault) -> [Listed] {
    let own = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard own >= 0, let stream = fdopendir(own) else {
      let code = errno
      if own >= 0 { close(own) }
      throw .system(code, cannot: "list the folder", at: place)
    }
    defer { closedir(stream) }
    var found: [Listed] = []
    while let entry = readdir(stream) {
      guard let name = Self.name(of: entry), name != ".", name != ".." else { continue }
      let type = Int(entry.pointee.d_type)
      var isFolder = type == Int(DT_DIR)
      if type == Int(DT_UNKNOWN) { isFolder = try self.entry(name)?.kind == .folder }
      found.append(Listed(name: name, isFolder: isFolder))
    }
    return found
  }
}
