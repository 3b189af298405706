internal import CLibgit2
internal import Glibc

/// A pack for a remote, of what it lacks; made in a file without a name, so that it is neither held in memory nor left
/// behind, and so that it is whole before the first byte of it is sent.
// Invariant for `@unchecked`: after `init` only the descriptor is used, by `pread`, which many may call at once.
package final class OutgoingPack: @unchecked Sendable {
  package let objects: Int
  /// In bytes.
  package let size: Int
  private let descriptor: Int32
  package static let chunk = 65_536

  /// Packs what `wants` reach and `haves` don't; of `haves` those are used that the repository knows.
  package init(
    from repository: Repository, wants: [ObjectID], haves: [ObjectID]
  ) throws(GitError) {
    let operation = "make a pack to push"
    let objects = try Self.gather(in: repository, wants, haves)
    let file = try Self.file(in: repository.path, operation)
    do throws(GitError) {
      try repository.locked { (handle) throws(GitError) in
        let builder = try PackBuilder(reading: handle.repository)
        for object in objects { try builder.insert(object.id, name: object.name) }
        try builder.write(to: file)
      }
    } catch {
      close(file)
      throw error
    }
    descriptor = file
    size = Int(lseek(file, 0, SEEK_END))
    self.objects = objects.count
  }

  deinit { close(descriptor) }

  /// The bytes from `offset` on, at most 64 KiB; nil at the end.
  package func bytes(from offset: Int) throws(GitError) -> [UInt8]? {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: Self.chunk) { buffer, count in
      let got = pread(descriptor, buffer.baseAddress, buffer.count, offset)
      failure = got < 0 ? errno : 0
      count = max(0, got)
    }
    guard failure == 0 else {
      throw GitError(.unreadable, String(cString: strerror(failure)), operation: "read the pack to push")
    }
    return bytes.isEmpty ? nil : bytes
  }

  /// A commit of the remote's that lies about here without what it needs can't serve as a border; what our references
  /// reach can.
  private static func gather(
    in repository: Repository, _ wants: [ObjectID], _ haves: [ObjectID]
  ) throws(GitError) -> [ObjectGathering.Object] {
    do throws(GitError) {
      return try ObjectGathering.objects(in: repository, reachedBy: wants, without: haves)
    } catch {
      guard error.code == .notFound else { throw error }
      let known = Set(try repository.references(prefix: "refs/").map(\.id))
      return try ObjectGathering.objects(
        in: repository, reachedBy: wants, without: haves.filter { known.contains($0) })
    }
  }

  private static func file(in folder: String, _ operation: String) throws(GitError) -> Int32 {
    var template = Array("\(folder)mooring.outgoing.XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw Repository.failure(operation) }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
  }
}
