/// The type of an object: what its `apiVersion` and `kind` say.
public struct GroupVersionKind: Hashable, Sendable {
  public let groupVersion: GroupVersion
  public let kind: String

  public init(_ groupVersion: GroupVersion, _ kind: String) {
    self.groupVersion = groupVersion
    self.kind = kind
  }

  public init(apiVersion: String, kind: String) {
    self.init(GroupVersion(apiVersion: apiVersion), kind)
  }

  public var group: String { groupVersion.group }
  public var version: String { groupVersion.version }
  /// What stays the same from version to version.
  public var groupKind: GroupKind { GroupKind(group: group, kind: kind) }
}

extension GroupVersionKind: CustomStringConvertible {
  /// `apps/v1 Deployment`
  public var description: String { "\(groupVersion) \(kind)" }
}

/// A kind in whichever version: what tells objects apart, since one object can be read in several versions.
public struct GroupKind: Hashable, Sendable {
  public let group: String
  public let kind: String

  public init(group: String, kind: String) {
    self.group = group
    self.kind = kind
  }
}

extension GroupKind: CustomStringConvertible {
  /// `Deployment.apps`, as `kubectl` has it.
  public var description: String { group.isEmpty ? kind : "\(kind).\(group)" }
}
