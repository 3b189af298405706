import Kubernetes

/// How one object is, and why.
struct ObjectHealth: Sendable, Hashable {
  enum Status: String, Sendable, Hashable, Comparable {
    case healthy, suspended, progressing, unknown, missing, degraded

    /// From good to bad.
    private var rank: Int {
      switch self {
      case .healthy: 0
      case .suspended: 1
      case .progressing: 2
      case .unknown: 3
      case .missing: 4
      case .degraded: 5
      }
    }

    static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
  }

  var status: Status
  /// Why it isn't healthy, in one clause.
  var reason: String?

  init(_ status: Status, _ reason: String? = nil) {
    self.status = status
    self.reason = reason
  }

  static let healthy = ObjectHealth(.healthy)
  static func progressing(_ reason: String) -> Self { Self(.progressing, reason) }
  static func degraded(_ reason: String) -> Self { Self(.degraded, reason) }
}
