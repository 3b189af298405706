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
  let renderer: any Renderer
  let definition: Definition
  /// What releases for a cluster must not hold; `nil` for other targets.
  let manifests: ManifestCheck?
  let mailmap: Mailmap
  /// What was rendered before.
  let known: KnownRenderings

  func make(
    _ number: ReleaseNumber, of revision: ObjectID, trusting trusted: ReleaseDigest?
  ) async throws -> MadeRelease {
    let commit = try repository.commit(revision)
    let inputs = try inputs(of: commit.tree)
    var made = MadeRelease(
      release: Release(
        number: number, revision: try revision.content, inputs: inputs, definition: definition, digest: nil,
        summary: commit.summary, author: mailmap.resolve(commit.author).name,
        committed: Timestamp(of: commit)),
      objects: [])
    switch try await render(commit.tree, trusting: trusted) {
    case .rendered(let tree, let objects):
      made.release.digest = try tree.content
      made.objects = objects
    case .refused(let fault): made.release.refusal = fault.description
    }
    return made
  }

  /// Renders; or, where a program would, takes what it made of the same inputs before: a program may give something else
  /// each time, and going back is never a rendering.
  func render(_ tree: ObjectID, trusting trusted: ReleaseDigest?) async throws -> Rendering {
    if definition.options != nil, let digest = try known.digest(of: inputs(of: tree), definition) {
      return .rendered(try digest.object, objects: [])
    }
    let rendering = try await renderer.render(tree, definition, trusting: trusted?.object)
    guard let manifests, case .rendered(let rendered, _) = rendering else { return rendering }
    do {
      try manifests.check(rendered, of: repository)
      return rendering
    } catch let fault as Fault where fault.code == .refusedContent {
      return .refused(fault)
    }
  }

  private func inputs(of tree: ObjectID) throws -> [ContentID?] {
    try definition.paths.map { path in
      path == "." ? try tree.content : try repository.entry(at: path, in: tree)?.id.content
    }
  }
}

extension Timestamp {
  /// When a commit was made, as far as that can be written in RFC 3339: a commit may claim any second of 64 bits.
  init(of commit: Commit) {
    self.init(milliseconds: min(max(commit.committer.seconds, 0), 253_402_300_799) * 1000)
  }
}
