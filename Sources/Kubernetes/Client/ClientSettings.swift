/// How much of what a client takes, and for how long it waits.
public struct ClientSettings: Sendable {
  /// Who asks, in the server's audit log: `mooring/1.2 (linux/amd64)`.
  public var userAgent: String
  /// Requests on the way at once; watches aren't counted.
  public var connections: Int
  /// Watches at once, a connection each: as many connections are made as there are watches.
  public var watches: Int
  /// For one try of one request.
  public var requestTimeout: Duration
  /// The largest answer, in bytes.
  public var maximumAnswer: Int
  /// How often a request is tried.
  public var attempts: Int
  /// Objects in a page of a list.
  public var pageSize: Int
  /// How long the server is asked to let a watch run.
  public var watchTimeout: Duration
  /// How long a watch may say nothing; servers send a bookmark each minute.
  public var watchSilence: Duration

  public init(
    userAgent: String, connections: Int = 8, watches: Int = 16_384, requestTimeout: Duration = .seconds(30),
    maximumAnswer: Int = 64 << 20, attempts: Int = 5, pageSize: Int = 500, watchTimeout: Duration = .seconds(480),
    watchSilence: Duration = .seconds(150)
  ) {
    self.userAgent = userAgent
    self.connections = connections
    self.watches = watches
    self.requestTimeout = requestTimeout
    self.maximumAnswer = maximumAnswer
    self.attempts = attempts
    self.pageSize = pageSize
    self.watchTimeout = watchTimeout
    self.watchSilence = watchSilence
  }
}
