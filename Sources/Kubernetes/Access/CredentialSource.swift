import FoundationEssentials

/// Hands out a cluster's credentials, and gets new ones when they have run out, their file has had time to change, or
/// the server refuses them.
actor CredentialSource {
  /// How long what was read from a file is taken to be right: kubelets renew tokens long before they expire, and
  /// `client-go` waits as long (`transport/token_source.go`).
  static let filesHold = Duration.seconds(60)

  private let places: CredentialPlaces
  private let clock: any Clock<Duration>
  private let now: @Sendable () -> Date
  private var held: Credentials?
  private var stale: (@Sendable () -> Bool) = { true }
  private var isFetching = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ places: CredentialPlaces, clock: any Clock<Duration>, now: @escaping @Sendable () -> Date = { Date() }) {
    self.places = places
    self.clock = clock
    self.now = now
  }

  /// What is to be shown now.
  func current() async throws(KubernetesError) -> Credentials {
    while isFetching { await withCheckedContinuation { waiting.append($0) } }
    if let held, !stale() { return held }
    return try await fetch()
  }

  /// Whether there is something else to be shown, now that the server refuses `refused`.
  func renew(after refused: Credentials) async throws(KubernetesError) -> Bool {
    while isFetching { await withCheckedContinuation { waiting.append($0) } }
    if let held, held.generation != refused.generation { return true }
    guard canChange else { return false }
    let renewed = try await fetch()
    return renewed.authorization?.text != refused.authorization?.text || isExec
  }

  private var isExec: Bool { if case .exec = places.authorization { true } else { false } }

  private var canChange: Bool {
    switch places.authorization {
    case .exec, .tokenFile: true
    case .none, .token, .basic: false
    }
  }

  private func fetch() async throws(KubernetesError) -> Credentials {
    isFetching = true
    defer {
      isFetching = false
      for continuation in waiting { continuation.resume() }
      waiting = []
    }
    var credentials = Credentials(generation: (held?.generation ?? 0) + 1)
    credentials.identity = try places.identity.map { (identity) throws(KubernetesError) in
      try ClientIdentity(
        certificate: identity.certificate.read(), key: identity.key.read(), what: places.what)
    }
    var expires: Date?
    switch places.authorization {
    case .none: break
    case .token(let token): credentials.authorization = Self.bearer(token)
    case .tokenFile(let file): credentials.authorization = Self.bearer(try file.readToken())
    case .basic(let user, let password):
      let pair = Data("\(user):\(password.text)".utf8).base64EncodedString()
      credentials.authorization = Secret("Basic \(pair)")
    case .exec(let plugin):
      let said = try await plugin.credential()
      credentials.authorization = said.token.map(Self.bearer)
      if let identity = said.identity { credentials.identity = identity }
      expires = said.expires
    }
    hold(credentials, until: expires)
    return credentials
  }

  private func hold(_ credentials: Credentials, until expires: Date?) {
    held = credentials
    let (now, isExec) = (now, isExec)
    let age = Self.age(by: clock)
    // A plugin that names no moment is asked again only when the server refuses (client-go, `exec.go`).
    stale = { isExec ? expires.map { $0 <= now() } ?? false : age() > Self.filesHold }
  }

  private static func bearer(_ token: Secret) -> Secret { Secret("Bearer \(token.text)") }

  /// How much time has passed since this was called.
  private static func age<C: Clock<Duration>>(by clock: C) -> @Sendable () -> Duration {
    let start = clock.now
    return { start.duration(to: clock.now) }
  }
}
