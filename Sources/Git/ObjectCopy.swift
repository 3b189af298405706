/// Copies what some objects need from one repository to another, as one pack.
///
/// We walk ourselves instead of letting libgit2's local transport do it: that one copies everything that the source
/// has whenever anything is new, and follows nested trees by recursion.
struct ObjectCopy {
  let source: Repository
  let destination: Repository

  init(from source: Repository, to destination: Repository) {
    self.source = source
    self.destination = destination
  }

  /// Copies everything that `wants` reach and `haves`, which the destination holds completely, don't; returns how many
  /// objects that were. What the source lacks throws `notFound`, and then nothing is copied.
  func run(
    wants: [ObjectID], haves: [ObjectID], progress: (TransferProgress) -> Void
  ) throws(GitError) -> Int {
    let objects = try ObjectGathering.objects(in: source, reachedBy: wants, without: haves)
    guard !objects.isEmpty else { return 0 }
    try source.locked { (from) throws(GitError) in
      let builder = try PackBuilder(reading: from.repository)
      for object in objects { try builder.insert(object.id, name: object.name) }
      try destination.locked { (to) throws(GitError) in try builder.write(into: to.database, progress: progress) }
    }
    return objects.count
  }
}
