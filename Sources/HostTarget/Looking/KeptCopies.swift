import Glibc
import MooringModel

/// `<root>/.mooring/<environment>/kept/<token>/`: where what is replaced goes, under its own path.
final class KeptCopies {
  private let folder: Folder
  private let limit: Int

  init(_ folder: consuming Folder, limit: Int) {
    self.folder = folder
    self.limit = limit
  }

  /// Moves what has a temporary name away, or copies it where that is on another file system.
  ///
  /// - Throws: `Fault` where neither can be done; then it is still there.
  func keep(_ temporary: FileName, of path: [FileName], in source: borrowing Folder) throws {
    guard let name = path.last else { return }
    let place = try provide(path.dropLast()[...], in: folder.folder("."))
    let free = try free(name, in: place)
    if renameat(source.descriptor, temporary.terminated, place.descriptor, free.terminated) == 0 {
      return try place.sync()
    }
    guard errno == EXDEV else {
      throw Fault.system(errno, cannot: "keep what is there", at: source.path(of: temporary))
    }
    try InPlaceWriter.copy([temporary], from: source, to: place, limit: limit)
    try place.rename(temporary, to: free)
  }

  private func provide(_ path: ArraySlice<FileName>, in parent: consuming Folder) throws -> Folder {
    guard let name = path.first else { return parent }
    return try provide(path.dropFirst(), in: parent.folder(madeIfMissing: name, permissions: 0o700))
  }

  /// The name, or it with a number where something else was kept under it.
  private func free(_ name: FileName, in place: borrowing Folder) throws -> FileName {
    for number in 0..<1000 {
      let candidate = number == 0 ? name : FileName(Array(name.bytes) + Array(".\(number)".utf8))
      if try place.entry(candidate) == nil { return candidate }
    }
    throw Fault(.limit, "too many copies are kept of it", at: place.path(of: name), remedy: "remove some of them")
  }
}
