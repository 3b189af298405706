/// How an object is deleted.
public struct DeleteOptions: Hashable, Sendable {
  /// What happens to what the object owns.
  public enum Propagation: String, Hashable, Sendable {
    /// It goes afterwards.
    case background = "Background"
    /// It goes first.
    case foreground = "Foreground"
    /// It stays.
    case orphan = "Orphan"
  }

  public var propagation: Propagation?
  /// Only this very object: none of the same name that came after it.
  public var uid: String?
  /// Only as it was then.
  public var resourceVersion: String?
  public var gracePeriodSeconds: Int?
  public var isDryRun: Bool

  public init(
    propagation: Propagation? = .background, uid: String? = nil, resourceVersion: String? = nil,
    gracePeriodSeconds: Int? = nil, isDryRun: Bool = false
  ) {
    self.propagation = propagation
    self.uid = uid
    self.resourceVersion = resourceVersion
    self.gracePeriodSeconds = gracePeriodSeconds
    self.isDryRun = isDryRun
  }
}
