import Git
import Glibc
import MooringModel
import Processes

/// Files that a program wrote, read without following any link of its making.
struct WrittenFiles {
  let repository: Repository
  let limits: ContentLimits
  private var files = 0

  init(_ repository: Repository, limits: ContentLimits) {
    self.repository = repository
    self.limits = limits
  }

  /// Puts everything in the folder into the repository, and returns the tree of it.
  ///
  /// - Throws: `Fault`; what is neither a file nor a folder nor a link is refused.
  mutating func tree(of folder: OutputFolder) throws -> ObjectID {
    let copy = openat(folder.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    return try tree(of: copy, at: "", depth: 0) ?? repository.writeTree([])
  }

  /// Closes the descriptor; `nil` for an empty folder.
  private mutating func tree(of descriptor: Int32, at path: String, depth: Int) throws -> ObjectID? {
    guard descriptor >= 0, let folder = fdopendir(descriptor) else { throw Self.unreadable(path) }
    defer { closedir(folder) }
    guard depth <= limits.depth else { throw Fault(.limit, "deeper than \(limits.depth) folders", at: path) }
    var entries: [TreeEntry] = []
    while let item = readdir(folder) {
      let name = withUnsafeBytes(of: &item.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      guard name != [0x2E], name != [0x2E, 0x2E] else { continue }
      files += 1
      guard files <= limits.files else { throw Fault(.limit, "more than \(limits.files) files", at: path) }
      if let entry = try entry(name, in: descriptor, at: path, depth: depth) { entries.append(entry) }
    }
    return entries.isEmpty ? nil : try repository.writeTree(entries)
  }

  private mutating func entry(_ name: [UInt8], in folder: Int32, at path: String, depth: Int) throws -> TreeEntry? {
    let text = name.map { CChar(bitPattern: $0) } + [0]
    let place = path + String(decoding: name, as: UTF8.self)
    // Names that are no UTF-8 are found by the check of what a release may hold.
    _ = try RelativePath(place)
    var status = stat()
    guard fstatat(folder, text, &status, AT_SYMLINK_NOFOLLOW) == 0 else { throw Self.unreadable(place) }
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      let below = openat(folder, text, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      return try tree(of: below, at: place + "/", depth: depth + 1)
        .map { TreeEntry(rawName: name, mode: .directory, id: $0) }
    case S_IFREG:
      let isExecutable = status.st_mode & 0o100 != 0
      let blob = try repository.writeBlob(bytes(text, in: folder, size: Int(status.st_size), at: place))
      return TreeEntry(rawName: name, mode: isExecutable ? .executable : .regular, id: blob)
    case S_IFLNK:
      var target = [CChar](repeating: 0, count: 4096)
      let count = readlinkat(folder, text, &target, target.count)
      guard count >= 0 else { throw Self.unreadable(place) }
      return TreeEntry(
        rawName: name, mode: .link, id: try repository.writeBlob(target[..<count].map { UInt8(bitPattern: $0) }))
    default:
      throw Fault(
        .refusedContent, "the renderer made something that is no file", at: place, remedy: "write plain files")
    }
  }

  private func bytes(_ name: [CChar], in folder: Int32, size: Int, at path: String) throws -> [UInt8] {
    guard size <= limits.fileBytes else {
      throw Fault(.limit, "a file of \(size) bytes, over the limit of \(limits.fileBytes)", at: path)
    }
    let file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { throw Self.unreadable(path) }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: size)
    var place = 0
    while place < size {
      let got = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress.map { $0 + place }, size - place) }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw Self.unreadable(path) }
      place += got
    }
    return bytes
  }

  private static func unreadable(_ path: String) -> Fault {
    Fault(.refusedContent, "what the renderer wrote can't be read", at: path, remedy: "write files that we may read")
  }
}
