import FoundationEssentials
import Glibc
public import MooringModel

/// Writes a release's files into a folder that nobody has anything in.
///
/// The folder appears whole or not at all: everything is written beside it, and then it is renamed to where it belongs. Nobody
/// but its owner may read it, since values of secrets are in it.
struct ReleaseFolder {
  let release: StoredRelease
  private let path: String

  /// - Throws: `Fault` for a path that nothing can be put in the place of.
  init(release: StoredRelease, path: String) throws(Fault) {
    self.release = release
    self.path = try Self.place(path)
  }

  /// Where the folder will stand, without what ends a path and names nothing: `out/`, `out/.`.
  private static func place(_ path: String) throws(Fault) -> String {
    var components = path.split(separator: "/", omittingEmptySubsequences: true)
    while components.last == "." { components.removeLast() }
    guard let last = components.last, last != ".." else {
      throw Fault(
        .usage, "a release can't be put in the place of this folder", at: path.isEmpty ? "." : path,
        remedy: "name a folder that doesn't exist, or is empty, and in which nobody works")
    }
    return (path.hasPrefix("/") ? "/" : "") + components.joined(separator: "/")
  }

  /// - Throws: `Fault`; then there is no folder.
  /// - Returns: How many files there are.
  func write() throws -> Int {
    let files = try release.files()
    try LinksInside(files, release).check()
    let new = path + ".new-\(getpid())-" + String(UInt32.random(in: .min ... .max), radix: 16)
    guard mkdir(new, 0o700) == 0 else { throw failure("make", new) }
    do {
      for file in files { try write(file, in: new) }
      // Takes the place of an empty folder, and of nothing else.
      guard rename(new, path) == 0 else { throw failure("make", path) }
    } catch {
      try? FileManager.default.removeItem(atPath: new)
      throw error
    }
    return files.count
  }

  private func write(_ file: ReleaseFile, in folder: String) throws {
    var below = folder
    for component in file.path.components.dropLast() {
      below += "/" + component
      guard mkdir(below, 0o700) == 0 || errno == EEXIST else { throw failure("make", below) }
    }
    let place = below + "/" + file.path.name
    let bytes = try release.read(file.content)
    guard file.kind != .link else {
      guard symlink(String(decoding: bytes, as: UTF8.self), place) == 0 else { throw failure("make", place) }
      return
    }
    let descriptor = open(
      place, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, file.kind == .executable ? 0o700 : 0o600)
    guard descriptor >= 0 else { throw failure("make", place) }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let wrote = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard wrote > 0 else { throw failure("write", place) }
      rest = rest.dropFirst(wrote)
    }
  }

  private func failure(_ verb: String, _ place: String) -> Fault {
    let isTaken = errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR
    return Fault(
      .state, "can't \(verb) it: \(isTaken ? "there is something" : String(cString: strerror(errno)))", at: place,
      remedy: isTaken ? "name a folder that doesn't exist, or is empty" : "see that it can be written")
  }
}

extension EnvironmentContext {
  /// Writes all files of a release, as they were deployed, into a folder that is empty or doesn't exist.
  ///
  /// - Returns: How many files there are.
  public func write(_ release: ReleaseReference, to folder: String) throws -> Int {
    try ReleaseFolder(release: StoredRelease(release.digest, in: repository.git), path: folder).write()
  }
}
