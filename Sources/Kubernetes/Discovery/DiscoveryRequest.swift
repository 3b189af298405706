import Documents

/// Asks a server for everything that it has: in two answers where it aggregates them, and version by version otherwise.
struct DiscoveryRequest {
  /// Versions that are asked for at once.
  static let concurrency = 8

  let client: APIClient

  /// - Throws: what keeps the server from telling its groups, or the resources of the core group. Other groups may fail;
  ///   the catalogue then says which.
  func catalogue() async throws(KubernetesError) -> ResourceCatalogue {
    var catalogue = ResourceCatalogue()
    let core = try await root("api")
    let groups = try await root("apis")
    if AggregatedReader.fits(core), AggregatedReader.fits(groups) {
      AggregatedReader.add(core, to: &catalogue)
      AggregatedReader.add(groups, to: &catalogue)
      return catalogue
    }
    let versions = Self.coreVersions(core, &catalogue) + Self.groupVersions(groups, &catalogue)
    try await add(versions, to: &catalogue)
    return catalogue
  }

  func version() async throws(KubernetesError) -> ServerVersion {
    let request = APIRequest(subject: "ask for the server's version", path: try APIPath(segments: ["version"]))
    return try ServerVersion(try await client.ask(request))
  }

  private func root(_ segment: String) async throws(KubernetesError) -> Node {
    var request = APIRequest(subject: "discover /\(segment)", path: try APIPath(segments: [segment]))
    request.accept = AggregatedReader.accept
    return try await client.ask(request)
  }

  /// `meta/v1` `APIVersions`.
  private static func coreVersions(_ root: Node, _ catalogue: inout ResourceCatalogue) -> [GroupVersion] {
    let versions = (root["versions"]?.elements ?? []).map(\.text)
    catalogue.preferred[""] = versions.first
    return versions.map { GroupVersion(group: "", version: $0) }
  }

  /// `meta/v1` `APIGroupList`.
  private static func groupVersions(_ root: Node, _ catalogue: inout ResourceCatalogue) -> [GroupVersion] {
    (root["groups"]?.elements ?? []).flatMap { group in
      if let name = group["name"]?.text { catalogue.preferred[name] = group["preferredVersion"]?["version"]?.text }
      return (group["versions"]?.elements ?? []).compactMap { $0["groupVersion"]?.text }
        .map { GroupVersion(apiVersion: $0) }
    }
  }

  private typealias Answer = (version: GroupVersion, result: Result<[APIResource], KubernetesError>)

  private func add(_ versions: [GroupVersion], to catalogue: inout ResourceCatalogue) async throws(KubernetesError) {
    let answers = await withTaskGroup(of: Answer.self) { group in
      var waiting = versions[...]
      var answers: [GroupVersion: Result<[APIResource], KubernetesError>] = [:]
      for _ in 0..<Self.concurrency {
        if let version = waiting.popFirst() { group.addTask { await answer(version) } }
      }
      while let answer = await group.next() {
        answers[answer.version] = answer.result
        if let version = waiting.popFirst() { group.addTask { await self.answer(version) } }
      }
      return answers
    }
    for version in versions {
      switch answers[version] {
      case .success(let resources): for resource in resources { catalogue.add(resource) }
      case .failure(let error) where version.group.isEmpty || error.code == .cancelled: throw error
      case .failure(let error): catalogue.unavailable[version] = error.message
      case nil: break
      }
    }
  }

  private func answer(_ version: GroupVersion) async -> Answer {
    do {
      let request = APIRequest(subject: "discover \(version)", path: try APIPath(groupVersion: version))
      let root = try await client.ask(request)
      return (version, .success(try ResourceListReader.resources(root, of: version)))
    } catch {
      return (version, .failure(error))
    }
  }
}
