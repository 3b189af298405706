/// What a revision means for an environment: numbered, immutable, identified by (revision, definition).
public struct Release: Hashable, Sendable, Codable {
  public var number: ReleaseNumber
  public var revision: Revision
  /// The identity of the inputs at that revision, one for each input path; `nil` where a path doesn't exist.
  public var inputs: [ContentID?]
  public var definition: Definition
  /// The rendered tree; `nil` when it couldn't be rendered, and `refusal` says why.
  public var digest: ReleaseDigest?
  /// Why it isn't deployed. With a digest: its commit isn't signed as the policy requires.
  public var refusal: String?
  /// Who signed the commit; `nil` where nobody asked.
  public var signature: ReleaseSignature?
  /// The first line of the commit's message, its author, and when it was committed.
  public var summary: String
  public var author: String
  public var committed: Timestamp

  public init(
    number: ReleaseNumber, revision: Revision, inputs: [ContentID?], definition: Definition, digest: ReleaseDigest?,
    refusal: String? = nil, signature: ReleaseSignature? = nil, summary: String, author: String, committed: Timestamp
  ) {
    self.number = number
    self.revision = revision
    self.inputs = inputs
    self.definition = definition
    self.digest = digest
    self.refusal = refusal
    self.signature = signature
    self.summary = summary
    self.author = author
    self.committed = committed
  }
}

extension Release {
  /// It under its number; `nil` where it couldn't be rendered.
  public var reference: ReleaseReference? {
    digest.map { ReleaseReference(number: number, revision: revision, digest: $0) }
  }

  /// Whether this is a release that the journal has, with nothing but another verdict on its signature: a key was added
  /// or revoked since, or the policy changed. The very same one was recorded by whoever read the branch meanwhile.
  func isVerifiedAgain(_ other: Release) -> Bool {
    var same = other
    same.refusal = refusal
    same.signature = signature
    return same == self && self != other && digest != nil
  }
}

/// How inputs become a release. When it changes, the same revision is another release.
public struct Definition: Hashable, Sendable, Codable {
  /// `plain`, `kustomize`, `helm`, `jsonnet` or `command`.
  public var renderer: String
  /// The version of the renderer's rules.
  public var version: Int
  /// The input paths, in the order of the configuration; `.` is the whole repository.
  public var paths: [String]
  /// What was asked of the renderer, by option: `chart: [charts/shop]`. `nil` for `plain`, which has no options.
  public var options: [String: [String]]?
  /// The program that renders, with its version as it says itself, or its digest. `nil` where there is none, or where it
  /// is one of the inputs.
  public var program: String?

  public init(
    renderer: String, version: Int, paths: [String], options: [String: [String]]? = nil, program: String? = nil
  ) {
    self.renderer = renderer
    self.version = version
    self.paths = paths
    self.options = options
    self.program = program
  }
}

/// The releases of an environment up to the moment it was first met, numbered from its history.
public struct Catalogue: Hashable, Sendable, Codable {
  /// How many first-parent commits changed the inputs; the newest of them has this number.
  public var count: Int
  /// The tip of the branch when the catalogue was made.
  public var upTo: Revision
  public var definition: Definition

  public init(count: Int, upTo: Revision, definition: Definition) {
    self.count = count
    self.upTo = upTo
    self.definition = definition
  }
}
