import Git
import MooringModel

/// A release that was made just now, with the objects that have to be kept with it.
struct MadeRelease {
  var release: Release
  var objects: [RawObject]
}

/// Makes releases of revisions: numbers, renders, says who and what.
struct ReleaseMaker {
  let repository: Repository
  let definition: Definition
  let limits: ContentLimits
  let mailmap: Mailmap

  func make(_ number: ReleaseNumber, of revision: ObjectID, trusting trusted: ReleaseDigest?) throws -> MadeRelease {
    let commit = try repository.commit(revision)
    let inputs = try definition.paths.map { path in
      path == "." ? try commit.tree.content : try repository.entry(at: path, in: commit.tree)?.id.content
    }
    var made = MadeRelease(
      release: Release(
        number: number, revision: try revision.content, inputs: inputs, definition: definition, digest: nil,
        summary: commit.summary, author: mailmap.resolve(commit.author).name,
        committed: Timestamp(of: commit)),
      objects: [])
    switch try render(commit.tree, trusting: trusted) {
    case .rendered(let tree, let objects):
      made.release.digest = try tree.content
      made.objects = objects
    case .refused(let fault): made.release.refusal = fault.description
    }
    return made
  }

  func render(_ tree: ObjectID, trusting trusted: ReleaseDigest?) throws -> PlainRenderer.Outcome {
    try PlainRenderer(repository: repository, limits: limits)
      .render(tree, definition, trusting: trusted?.object)
  }
}

extension Timestamp {
  /// When a commit was made, as far as that can be written in RFC 3339: a commit may claim any second of 64 bits.
  init(of commit: Commit) {
    self.init(milliseconds: min(max(commit.committer.seconds, 0), 253_402_300_799) * 1000)
  }
}
