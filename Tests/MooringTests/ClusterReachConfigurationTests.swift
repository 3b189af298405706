import Mooring
import MooringModel
import Testing

/// Reading of `target.kubernetes` what says how far a release reaches.
@Suite struct ClusterReachConfigurationTests {
  private func options(_ keys: String) throws -> KubernetesTargetOptions? {
    let text = """
      repositories: { config: { url: /srv/git } }
      environments: { production: { repository: config, target: { kubernetes: { kubeconfig: /k\(keys) } } } }
      """
    let configuration = try ConfigurationFile.parse(Array(text.utf8), path: "/etc/mooring/mooring.yaml")
    guard case .kubernetes(let options)? = configuration.environments[try EnvironmentName("production")]?.target else {
      return nil
    }
    return options
  }

  @Test func aReleaseReachesNoFurtherThanIsSaid() throws {
    let plain = try #require(try options(""))
    #expect(plain.allNamespaces == ["default"] && !plain.clusterObjects && plain.takeOverFrom.isEmpty)
    let wide = try #require(
      try options(", namespace: shop, namespaces: [jobs], clusterObjects: true, takeOverFrom: [helm, argocd]"))
    #expect(wide.allNamespaces == ["shop", "jobs"] && wide.clusterObjects)
    #expect(wide.takeOverFrom == ["helm", "argocd"])
  }
}
