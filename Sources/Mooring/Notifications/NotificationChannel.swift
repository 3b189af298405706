public import MooringModel

/// Somewhere that notifications go, and which.
public struct NotificationChannel: Sendable, Hashable {
  public enum Means: Sendable, Hashable {
    /// The watcher's log.
    case log
    /// A program that gets each as JSON on standard input.
    case command([String])
    /// A URL that each is posted to, signed with the secret in a file.
    case webhook(url: String, secretFile: String, HTTPWay)
    /// An incoming webhook of Slack, or of what understands the same.
    case slack(SecretPlace, HTTPWay)
  }

  /// How a URL may be asked.
  public struct HTTPWay: Sendable, Hashable {
    /// The authorities that are trusted instead of the system's.
    public var caFile: String?
    public var allowsHTTP: Bool
    public var allowsLinkLocal: Bool
    /// For the whole request.
    public var timeout: Duration

    public init(
      caFile: String? = nil, allowsHTTP: Bool = false, allowsLinkLocal: Bool = false, timeout: Duration = .seconds(10)
    ) {
      self.caFile = caFile
      self.allowsHTTP = allowsHTTP
      self.allowsLinkLocal = allowsLinkLocal
      self.timeout = timeout
    }
  }

  public static let standardKinds: Set<Notification.Kind> = [.drift, .rollback, .failure, .hold]

  /// By which it is known in the log and in the state directory.
  public var name: String
  public var means: Means
  public var on: Set<Notification.Kind>
  /// `nil` for all of them.
  public var environments: Set<EnvironmentName>?
  /// How long further changes of the same drift are held back; zero for not at all.
  public var quiet: Duration

  public init(
    name: String, _ means: Means, on: Set<Notification.Kind> = standardKinds,
    environments: Set<EnvironmentName>? = nil, quiet: Duration = .seconds(600)
  ) {
    self.name = name
    self.means = means
    self.on = on
    self.environments = environments
    self.quiet = quiet
  }

  /// The log of the watcher, which is told unless the configuration says otherwise.
  static let log = NotificationChannel(name: "log", .log, on: [.drift, .rollback, .failure])
}

/// Where a URL that is itself a secret is kept. Nothing that prints a value shows it.
public enum SecretPlace: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  case file(String)
  case inline(String)

  public var description: String {
    switch self {
    case .file(let path): path
    case .inline: "…"
    }
  }

  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
