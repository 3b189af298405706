/// What is shown to a server with one request.
struct Credentials: Sendable {
  /// The whole `Authorization` header.
  var authorization: Secret?
  var identity: ClientIdentity?
  /// Counts up whenever they change.
  var generation = 0
}
