import MooringModel

/// What an object itself says of how it came to differ.
enum ObjectChange: Hashable, Sendable {
  /// A manager set the field, last at this time.
  case set(by: String, at: Timestamp?, isReplicas: Bool)
  /// Nobody is recorded for it: a field was taken away, or written in a way that the server doesn't record.
  case unclaimed(isReplicas: Bool)
  /// The object is gone.
  case gone
  /// The object is there, and shouldn't.
  case made(by: String?, at: Timestamp?)

  /// Who it was as far as the object says: a name that a client gave itself.
  var attribution: Attribution? {
    switch self {
    case .set(let manager, let time, _), .made(.some(let manager), let time):
      Attribution(certainty: .likely, program: String(manager.prefix(128)), at: time)
    case .unclaimed, .gone, .made: nil
    }
  }
}
