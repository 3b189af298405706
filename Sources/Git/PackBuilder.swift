internal import CLibgit2
internal import Glibc

/// Collects objects of one repository and writes them into the object database of another as one pack.
///
/// Used within `locked` of the repository that it reads; whoever makes it keeps that repository alive.
final class PackBuilder {
  private var pointer: OpaquePointer?

  init(reading repository: OpaquePointer) throws(GitError) {
    try check(git_packbuilder_new(&pointer, repository), "begin a pack")
    _ = git_packbuilder_set_threads(pointer, 0)  // as many as there are processors
  }

  deinit { close() }

  func close() {
    git_packbuilder_free(pointer)
    pointer = nil
  }

  var count: Int { git_packbuilder_object_count(pointer) }

  /// Adds one object; objects of like `name` are tried as deltas of each other.
  func insert(_ id: ObjectID, name: UnsafePointer<CChar>? = nil) throws(GitError) {
    var oid = id.oid
    try check(git_packbuilder_insert(pointer, &oid, name), "add the object \(id) to a pack")
  }

  /// Writes the pack and its index, and forces both to disk when writes are durable; an unfinished pack is removed.
  func write(
    into database: OpaquePointer, progress: (TransferProgress) -> Void = { _ in }
  ) throws(GitError) {
    let operation = "write a pack of \(count) objects"
    var pack: UnsafeMutablePointer<git_odb_writepack>?
    try check(git_odb_write_pack(&pack, database, nil, nil), operation)
    let writer = try present(pack, operation)
    defer { mooring_git_writepack_free(writer) }
    try withoutActuallyEscaping(progress) { (progress) throws(GitError) in
      var sink = PackSink(writer: writer, report: progress)
      let code = withUnsafeMutablePointer(to: &sink) { git_packbuilder_foreach(pointer, PackSink.append, $0) }
      try check(code, operation)
      try check(mooring_git_writepack_commit(writer, &sink.progress), operation)
    }
  }

  /// Writes the pack into a file as it is made.
  func write(to descriptor: Int32) throws(GitError) {
    var target = descriptor
    let code = git_packbuilder_foreach(
      pointer,
      { bytes, count, payload in
        guard var bytes, let target = payload?.load(as: Int32.self) else { return GIT_EUSER.rawValue }
        var rest = count
        while rest > 0 {
          let written = Glibc.write(target, bytes, rest)
          if written < 0 && errno == EINTR { continue }
          guard written > 0 else {
            git_error_set_str(Int32(GIT_ERROR_OS.rawValue), strerror(errno))
            return GIT_ERROR.rawValue
          }
          bytes += written
          rest -= written
        }
        return 0
      }, &target)
    try check(code, "write a pack of \(count) objects")
  }
}

/// Where the bytes of a pack go as they are made.
private struct PackSink {
  let writer: UnsafeMutablePointer<git_odb_writepack>
  let report: (TransferProgress) -> Void
  var progress = git_indexer_progress()

  static let append: git_packbuilder_foreach_cb = { bytes, count, payload in
    guard let sink = payload?.assumingMemoryBound(to: PackSink.self) else { return GIT_EUSER.rawValue }
    let code = mooring_git_writepack_append(sink.pointee.writer, bytes, count, &sink.pointee.progress)
    let state = sink.pointee.progress
    sink.pointee.report(
      TransferProgress(
        totalObjects: Int(state.total_objects), doneObjects: Int(state.indexed_objects),
        bytes: Int(state.received_bytes)))
    return code
  }
}
