/// Where and how a host target keeps its releases.
public struct HostTargetOptions: Sendable, Hashable {
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
  /// The operator's check of a written release. In each argument `{root}` stands for the release's absolute folder and
  /// `{release}` for its digest.
  public var validate: [String]?
  /// What tells the service. In each argument `{root}` stands for the absolute path of `current` and `{release}` for
  /// the digest.
  public var reload: [String]?
  public var validateTimeLimit: Duration
  public var reloadTimeLimit: Duration
  /// How many releases stay on the machine, the most recently live first; at least 1.
  public var keep: Int
  public var limits: Limits

  public init(
    root: String, persistent: [RelativePath] = [], validate: [String]? = nil, reload: [String]? = nil,
    validateTimeLimit: Duration = .seconds(30), reloadTimeLimit: Duration = .seconds(30), keep: Int = 10,
    limits: Limits = Limits()
  ) {
    self.root = root
    self.persistent = persistent
    self.validate = validate
    self.reload = reload
    self.validateTimeLimit = validateTimeLimit
    self.reloadTimeLimit = reloadTimeLimit
    self.keep = keep
    self.limits = limits
  }
}
