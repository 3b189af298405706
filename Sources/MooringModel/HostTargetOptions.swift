/// Where and how a host target keeps its releases.
public struct HostTargetOptions: Sendable, Hashable {
  /// How a release lies on the machine.
  public enum Layout: String, Sendable, Hashable, CaseIterable {
    /// A read-only folder a release, and the link `current`.
    case `switch`
    /// Files where they belong, among those of others.
    case inPlace
  }

  /// What to do about a file that stands where one of a release belongs, and that no deployment put there.
  public enum ForeignFiles: String, Sendable, Hashable, CaseIterable {
    /// Only one that is the same already is taken over.
    case stop
    /// One with the same content is taken over and gets the declared attributes.
    case adopt
    /// Any is replaced, after a copy of it has been kept.
    case replace
  }

  /// What a release may weigh.
  public struct Limits: Sendable, Hashable {
    /// Bytes of one file.
    public var fileBytes: Int
    public var files: Int
    /// Bytes of all files together.
    public var totalBytes: Int

    public init(fileBytes: Int = 100 << 20, files: Int = 200_000, totalBytes: Int = 10 << 30) {
      self.fileBytes = fileBytes
      self.files = files
      self.totalBytes = totalBytes
    }
  }

  /// The absolute path of the folder that holds everything. Its last component is made when it is missing, and must not
  /// be a link.
  public var root: String
  /// Paths that belong to the service, not to a release: kept beside the releases, with a link from each.
  public var persistent: [RelativePath]
  /// The operator's check of a written release, before it is live. In each argument `{root}` stands for the absolute
  /// folder that it was written to (in the `inPlace` layout one for the check alone) and `{release}` for its digest.
  public var validate: [String]?
  /// What tells the service. In each argument `{root}` stands for the absolute path of `current` (in the `inPlace`
  /// layout of the root) and `{release}` for the digest.
  public var reload: [String]?
  public var validateTimeLimit: Duration
  public var reloadTimeLimit: Duration
  /// How many releases stay on the machine, the most recently live first; at least 1.
  public var keep: Int
  public var limits: Limits
  public var layout: Layout
  /// Of the `inPlace` layout.
  public var onForeign: ForeignFiles
  /// Of the `inPlace` layout: what the operator says of files, over what the release says.
  public var attributes: [AttributeRule]

  public init(
    root: String, persistent: [RelativePath] = [], validate: [String]? = nil, reload: [String]? = nil,
    validateTimeLimit: Duration = .seconds(30), reloadTimeLimit: Duration = .seconds(30), keep: Int = 10,
    limits: Limits = Limits(), layout: Layout = .switch, onForeign: ForeignFiles = .stop,
    attributes: [AttributeRule] = []
  ) {
    self.root = root
    self.persistent = persistent
    self.validate = validate
    self.reload = reload
    self.validateTimeLimit = validateTimeLimit
    self.reloadTimeLimit = reloadTimeLimit
    self.keep = keep
    self.limits = limits
    self.layout = layout
    self.onForeign = onForeign
    self.attributes = attributes
  }
}
