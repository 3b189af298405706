import Glibc

/// A program to run: what, where, with which environment, for how long.
public struct Program: Sendable {
  /// The executable and its arguments. The executable is an absolute path, or a name that is looked up in the `PATH` of
  /// ``environment``.
  public var arguments: [String]
  /// The folder that the program starts in; `nil` for ours.
  public var directory: String?
  /// The whole environment: nothing of ours is added.
  public var environment: [String: String]
  /// How long the program may run before its process group is asked to end.
  public var timeLimit: Duration
  /// How long the program may take to end once asked, before its process group is killed.
  public var graceBeforeKill: Duration
  /// How many bytes of output are kept; what came first is dropped.
  public var outputLimit: Int

  public init(
    _ arguments: [String], directory: String? = nil, environment: [String: String] = Program.scrubbed(),
    timeLimit: Duration, graceBeforeKill: Duration = .seconds(2), outputLimit: Int = 65_536
  ) {
    self.arguments = arguments
    self.directory = directory
    self.environment = environment
    self.timeLimit = timeLimit
    self.graceBeforeKill = graceBeforeKill
    self.outputLimit = outputLimit
  }

  /// An environment with nothing in it that could be a secret: `PATH`, `HOME` and `TZ` as ours, `LANG=C.UTF-8`, and
  /// `additions`, which win.
  public static func scrubbed(adding additions: [String: String] = [:]) -> [String: String] {
    var environment = ["LANG": "C.UTF-8"]
    for name in ["PATH", "HOME", "TZ"] {
      if let value = getenv(name) { environment[name] = String(cString: value) }
    }
    if environment["PATH"] == nil { environment["PATH"] = standardPath }
    return environment.merging(additions) { _, added in added }
  }

  /// What it is called in errors.
  var name: String { arguments.first ?? "" }

  static let standardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
}
