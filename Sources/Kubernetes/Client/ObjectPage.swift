import Documents

/// A page of a list.
public struct ObjectPage: Sendable {
  public let objects: [KubernetesObject]
  /// Of the list as a whole: a watch goes on from it.
  public let resourceVersion: String
  /// Where the next page begins; `nil` after the last.
  public let next: String?
  /// Whether the list was begun again with this page, since the server no longer kept its state: what came before is
  /// void.
  public internal(set) var isRestart = false

  /// Objects of a list don't say what they are: the list does.
  init(_ root: Node, of resource: APIResource) throws(KubernetesError) {
    guard let items = root["items"], let version = root["metadata"]?["resourceVersion"]?.text else {
      throw KubernetesError(.malformed, "the server's answer is no list", request: "list \(resource)")
    }
    var objects: [KubernetesObject] = []
    objects.reserveCapacity(items.elements.count)
    for item in items.elements { objects.append(try KubernetesObject(item, kind: resource.kind)) }
    self.objects = objects
    resourceVersion = version
    let next = root["metadata"]?["continue"]?.text ?? ""
    self.next = next.isEmpty ? nil : next
  }
}
