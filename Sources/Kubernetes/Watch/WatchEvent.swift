/// What a watch tells. Until `synced`, objects come from a list, in the order of their names, and all are `added`.
public enum WatchEvent: Sendable {
  case added(KubernetesObject)
  /// It has changed, or was made anew while nobody looked: `uid` tells.
  case modified(KubernetesObject)
  /// It is gone; this is what it was in the end.
  case deleted(KubernetesObject)
  /// It went while nobody looked.
  case vanished(ObjectKey)
  /// Everything up to this version has been told. Comes once, and again after every list that was needed anew.
  case synced(resourceVersion: String)
  /// What happens from now on is told as it happens. Comes when the watch is open, and again after every interruption.
  case opened
  /// Nothing has happened that concerns us up to this version.
  case bookmark(resourceVersion: String)
  /// What happens can't be seen, for this reason, until another event comes.
  case interrupted(KubernetesError)
}

/// An object among those of its resource.
public struct ObjectKey: Hashable, Sendable {
  public let namespace: String?
  public let name: String

  public init(namespace: String?, name: String) {
    self.namespace = namespace
    self.name = name
  }

  init(_ object: KubernetesObject) { self.init(namespace: object.namespace, name: object.name) }
}
