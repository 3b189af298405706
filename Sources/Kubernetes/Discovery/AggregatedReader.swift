import Documents

/// Reads `apidiscovery.k8s.io` `APIGroupDiscoveryList`: everything below `/api` or `/apis` in one answer (KEP-3352; in
/// use since 1.27, `v2` since 1.30).
enum AggregatedReader {
  /// Asks for it, and takes the older form from a server that hasn't got it.
  static let accept =
    ["v2", "v2beta1"].map { "application/json;g=apidiscovery.k8s.io;v=\($0);as=APIGroupDiscoveryList" }
    .joined(separator: ",") + ",application/json"

  static func fits(_ root: Node) -> Bool { root["kind"]?.text == "APIGroupDiscoveryList" }

  static func add(_ root: Node, to catalogue: inout ResourceCatalogue) {
    for group in root["items"]?.elements ?? [] {
      let name = group["metadata"]?["name"]?.text ?? ""
      for version in group["versions"]?.elements ?? [] {
        guard let text = version["version"]?.text else { continue }
        let groupVersion = GroupVersion(group: name, version: text)
        // The first is the preferred one.
        if catalogue.preferred[name] == nil { catalogue.preferred[name] = text }
        if version["freshness"]?.text == "Stale" {
          catalogue.unavailable[groupVersion] = "the server that answers for it can't be reached"
        }
        for resource in version["resources"]?.elements ?? [] {
          if let resource = self.resource(resource, of: groupVersion) { catalogue.add(resource) }
        }
      }
    }
  }

  private static func resource(_ node: Node, of version: GroupVersion) -> APIResource? {
    guard let name = node["resource"]?.text, let kind = node["responseKind"]?["kind"]?.text, !kind.isEmpty else {
      return nil
    }
    return APIResource(
      version.kind(kind), name: name, isNamespaced: node["scope"]?.text == "Namespaced",
      verbs: Set((node["verbs"]?.elements ?? []).map(\.text)),
      shortNames: (node["shortNames"]?.elements ?? []).map(\.text),
      subresources: Set((node["subresources"]?.elements ?? []).compactMap { $0["subresource"]?.text }))
  }
}
