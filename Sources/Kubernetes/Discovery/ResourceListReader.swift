import Documents

/// Reads `meta/v1` `APIResourceList`: the resources of one version of a group, subresources among them.
enum ResourceListReader {
  static func resources(_ root: Node, of version: GroupVersion) throws(KubernetesError) -> [APIResource] {
    guard let list = root["resources"], list.kind == .sequence || list.scalar == .null else {
      throw KubernetesError(.malformed, "the server's answer is no list of resources")
    }
    let nodes = list.elements
    var subresources: [String: Set<String>] = [:]
    var resources: [APIResource] = []
    for node in nodes {
      guard let name = node["name"]?.text, let kind = node["kind"]?.text, !name.isEmpty else { continue }
      let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
      if parts.count == 2 {
        subresources[parts[0], default: []].insert(parts[1])
      } else {
        resources.append(
          APIResource(
            version.kind(kind), name: name, isNamespaced: node["namespaced"]?.scalar?.boolValue ?? false,
            verbs: Set((node["verbs"]?.elements ?? []).map(\.text)),
            shortNames: (node["shortNames"]?.elements ?? []).map(\.text)))
      }
    }
    for index in resources.indices { resources[index].subresources = subresources[resources[index].name] ?? [] }
    return resources
  }
}
