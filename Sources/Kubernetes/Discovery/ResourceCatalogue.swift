/// What a server had when it was asked.
public struct ResourceCatalogue: Sendable, Hashable {
  /// In the order in which the server named them.
  public private(set) var resources: [APIResource] = []
  /// Groups' versions whose resources the server couldn't tell, mostly since another server answers for them, and why.
  public internal(set) var unavailable: [GroupVersion: String] = [:]
  /// The version of each group that the server prefers.
  public internal(set) var preferred: [String: String] = [:]
  private var byKind: [GroupVersionKind: Int] = [:]

  public init() {}

  public subscript(kind: GroupVersionKind) -> APIResource? { byKind[kind].map { resources[$0] } }

  /// A kind in its group's preferred version, or in another that has it.
  public subscript(kind: GroupKind) -> APIResource? {
    let all = resources.filter { $0.kind.groupKind == kind }
    return all.first { $0.kind.version == preferred[kind.group] } ?? all.first
  }

  mutating func add(_ resource: APIResource) {
    guard byKind[resource.kind] == nil else { return }
    byKind[resource.kind] = resources.count
    resources.append(resource)
  }
}
