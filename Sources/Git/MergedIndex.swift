internal import CLibgit2

/// What stands beside the markers of a conflict.
struct MergeLabels: Sendable {
  var ours: String
  var theirs: String
}

/// The index in memory that a merge of trees makes; used within `locked` of its repository.
final class MergedIndex {
  private let pointer: OpaquePointer
  private let repository: OpaquePointer
  private let operation: String

  init(
    base: ObjectID?, ours: ObjectID?, theirs: ObjectID?, in handle: Repository.Handle, _ operation: String
  ) throws(GitError) {
    var options = git_merge_options()
    try check(git_merge_options_init(&options, UInt32(GIT_MERGE_OPTIONS_VERSION)), operation)
    options.flags = GIT_MERGE_FIND_RENAMES.rawValue | GIT_MERGE_SKIP_REUC.rawValue
    let trees = try [base, ours, theirs].map { (id) throws(GitError) in
      try id.map { (id) throws(GitError) in try TreeHandle(id, in: handle.repository, operation) }
    }
    var index: OpaquePointer?
    let code = git_merge_trees(
      &index, handle.repository, trees[0]?.pointer, trees[1]?.pointer, trees[2]?.pointer, &options)
    try check(code, operation)
    pointer = try present(index, operation)
    repository = handle.repository
    self.operation = operation
  }

  deinit { git_index_free(pointer) }

  func writeTree() throws(GitError) -> ObjectID {
    var oid = git_oid()
    try check(git_index_write_tree_to(&oid, pointer, repository), operation)
    return ObjectID(oid)
  }

  func conflicts(_ labels: MergeLabels) throws(GitError) -> [Conflict] {
    var found: [Conflict] = []
    try forEachConflict { (base, ours, theirs) throws(GitError) in
      let path = [ours, theirs, base].lazy.compactMap { $0?.pointee.path }.first.map { String(cString: $0) }
      found.append(
        Conflict(
          path: path ?? "", base: base.map { ObjectID($0.pointee.id) }, ours: ours.map { ObjectID($0.pointee.id) },
          theirs: theirs.map { ObjectID($0.pointee.id) }, text: try text(base, ours, theirs, labels)))
    }
    return found
  }

  /// Settles every conflict as if the other side had left the path alone.
  func keepOurs() throws(GitError) {
    var kept: [(path: String, mode: UInt32, id: git_oid)] = []
    try forEachConflict { (_, ours, _) throws(GitError) in
      if let ours { kept.append((String(cString: ours.pointee.path), ours.pointee.mode, ours.pointee.id)) }
    }
    try check(git_index_conflict_cleanup(pointer), operation)
    for entry in kept {
      let code = entry.path.withCString { path in
        var added = git_index_entry()
        (added.path, added.mode, added.id) = (path, entry.mode, entry.id)
        return git_index_add(pointer, &added)
      }
      try check(code, operation)
    }
  }

  private typealias Entry = UnsafePointer<git_index_entry>

  /// Shows the three sides of each conflict; a side that has no such file is nil.
  private func forEachConflict(_ body: (Entry?, Entry?, Entry?) throws(GitError) -> Void) throws(GitError) {
    guard git_index_has_conflicts(pointer) == 1 else { return }
    var iterator: OpaquePointer?
    try check(git_index_conflict_iterator_new(&iterator, pointer), operation)
    defer { git_index_conflict_iterator_free(iterator) }
    while true {
      var (base, ours, theirs): (Entry?, Entry?, Entry?)
      let code = git_index_conflict_next(&base, &ours, &theirs, iterator)
      if code == GIT_ITEROVER.rawValue { return }
      try check(code, operation)
      try body(base, ours, theirs)
    }
  }

  /// The file with markers, when both sides have it as text.
  private func text(
    _ base: UnsafePointer<git_index_entry>?, _ ours: UnsafePointer<git_index_entry>?,
    _ theirs: UnsafePointer<git_index_entry>?, _ labels: MergeLabels
  ) throws(GitError) -> String? {
    guard let ours, let theirs, [base, ours, theirs].allSatisfy({ Self.isFile($0) }) else { return nil }
    var options = git_merge_file_options()
    try check(git_merge_file_options_init(&options, UInt32(GIT_MERGE_FILE_OPTIONS_VERSION)), operation)
    var result = git_merge_file_result()
    let code = labels.ours.withCString { our in
      labels.theirs.withCString { their in
        options.our_label = our
        options.their_label = their
        return git_merge_file_from_index(&result, repository, base, ours, theirs, &options)
      }
    }
    try check(code, operation)
    defer { git_merge_file_result_free(&result) }
    guard let bytes = result.ptr else { return nil }
    return String(decoding: UnsafeRawBufferPointer(start: bytes, count: result.len), as: UTF8.self)
  }

  private static func isFile(_ entry: UnsafePointer<git_index_entry>?) -> Bool {
    guard let entry else { return true }
    return entry.pointee.mode & 0o170000 == 0o100000
  }
}

/// A tree as libgit2 holds it.
private final class TreeHandle {
  let pointer: OpaquePointer

  init(_ id: ObjectID, in repository: OpaquePointer, _ operation: String) throws(GitError) {
    var oid = id.oid
    var tree: OpaquePointer?
    try check(git_tree_lookup(&tree, repository, &oid), operation)
    pointer = try present(tree, operation)
  }

  deinit { git_tree_free(pointer) }
}
