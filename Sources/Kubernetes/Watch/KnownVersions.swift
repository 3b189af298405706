/// Which objects a watch has told of, and in which version: enough to tell what a new list changes.
struct KnownVersions {
  private var versions: [ObjectKey: String] = [:]
  private var listed: [ObjectKey: String] = [:]

  /// A list begins, or begins again.
  mutating func beginList() { listed = [:] }

  /// An object of the list; `nil` where it has been told already as it is.
  mutating func list(_ object: KubernetesObject) -> WatchEvent? {
    let key = ObjectKey(object)
    let version = object.resourceVersion ?? ""
    listed[key] = version
    guard let before = versions[key] else {
      versions[key] = version
      return .added(object)
    }
    versions[key] = version
    return before == version ? nil : .modified(object)
  }

  /// The list is whole: what it hasn't got is gone.
  mutating func endList() -> [ObjectKey] {
    let gone = versions.keys.filter { listed[$0] == nil }
    versions = listed
    listed = [:]
    return gone
  }

  mutating func set(_ object: KubernetesObject) { versions[ObjectKey(object)] = object.resourceVersion ?? "" }

  mutating func remove(_ object: KubernetesObject) { versions[ObjectKey(object)] = nil }
}
