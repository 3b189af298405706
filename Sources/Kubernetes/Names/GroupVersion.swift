/// A group of the API and one of its versions: `apps/v1`, or `v1` of the core group, whose name is empty.
public struct GroupVersion: Hashable, Sendable {
  public let group: String
  public let version: String

  public init(group: String, version: String) {
    self.group = group
    self.version = version
  }

  /// Reads an object's `apiVersion`. What stands before the first slash is the group.
  public init(apiVersion: String) {
    guard let slash = apiVersion.utf8.firstIndex(of: UInt8(ascii: "/")) else {
      self.init(group: "", version: apiVersion)
      return
    }
    self.init(
      group: String(apiVersion[..<slash]), version: String(apiVersion[apiVersion.utf8.index(after: slash)...]))
  }

  public func kind(_ kind: String) -> GroupVersionKind { GroupVersionKind(self, kind) }
}

extension GroupVersion: CustomStringConvertible {
  /// As it stands in `apiVersion`.
  public var description: String { group.isEmpty ? version : "\(group)/\(version)" }
}
