import Documents
import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Against a real API server with a real admission webhook that changes objects.
@Suite("Values that admission rewrites", .inTurn) struct RewritingTests {
  /// A site whose images come from a mirror, once the API server has learnt of that.
  private func mirrored(_ body: (LiveEnvironment) async throws -> Void) async throws {
    let webhook = try await AdmissionWebhook()
    let site = try await LiveEnvironment()
    try await site.kubectl("label", "namespace", site.namespace, "judged=\(site.namespace)")
    try await site.kubectl("create", "-f", "-", input: try webhook.mutation(site.namespace))
    do {
      var image = ""
      while !image.hasPrefix("mirror/") {
        image = try await site.kubectl(
          "create", "configmap", "first", "--from-literal", "image=r/first", "--dry-run=server", "--output",
          "jsonpath={.data.image}")
      }
      try await body(site)
    } catch {
      try await site.kubectl("delete", "mutatingwebhookconfiguration", site.namespace)
      throw error
    }
    try await site.kubectl("delete", "mutatingwebhookconfiguration", site.namespace)
  }

  private let text = Samples.all(Samples.deployment(replicas: 0), Samples.map("a", "{image: 'r/a:1', x: '1'}"))

  /// Another program at the same environment, which hasn't seen what the server answered.
  private func another(_ site: LiveEnvironment) async throws -> LiveEnvironment {
    try await LiveEnvironment(namespace: site.namespace, environment: site.namespace)
  }

  @Test func whatOneRewritesIsNoDriftWhetherOrNotItsAnswerIsRemembered() async throws {
    try await mirrored { site in
      let release = try site.contents(text)
      try await site.deploy(release)
      let image = try await site.get("ConfigMap", "a")?.root["data"]?["image"]?.text
      #expect(image == "mirror/r/a:1")
      #expect(try await site.drift(from: release) == [])
      let other = try await another(site)
      #expect(try await other.drift(from: release) == [])
      #expect(try await other.drift(from: release) == [])
      let watch = try await another(site)
      let changes = try await watch.target.watch(LookRules()).changes
      #expect(try await watch.drift(from: release) == [])
      _ = changes
      // The next release is rewritten as well.
      let next = try site.contents(text.replacing(":1", with: ":2"))
      try await site.deploy(next)
      #expect(try await site.drift(from: next) == [])
      #expect(try await another(site).drift(from: next) == [])
    }
  }

  @Test func whatSomebodyChangesBesideItOrInItIsToldAlone() async throws {
    try await mirrored { site in
      let release = try site.contents(text)
      try await site.deploy(release)
      let map = site.reference("ConfigMap", "a")
      try await site.patch(map, "{data: {x: '2'}}")
      #expect(try await site.drift(from: release) == ["configmap/a data.x"])
      #expect(try await another(site).drift(from: release) == ["configmap/a data.x"])
      try await site.heal(release)
      #expect(try await site.drift(from: release) == [])
      // Somebody's value is theirs, whatever the webhook makes of it.
      for image in ["evil/a:1", "r/b:1"] {
        try await site.patch(map, "{data: {image: '\(image)'}}")
        #expect(try await site.drift(from: release) == ["configmap/a data.image"])
        #expect(try await another(site).drift(from: release) == ["configmap/a data.image"])
        try await another(site).heal(release)
        #expect(try await site.drift(from: release) == [])
        #expect(try await site.get("ConfigMap", "a")?.root["data"]?["image"]?.text == "mirror/r/a:1")
      }
      // What nobody records is asked about, and told.
      try await site.kubectl("scale", "deployment/web", "--replicas", "2")
      #expect(try await site.drift(from: release) == ["deployment/web spec.replicas"])
      #expect(try await another(site).drift(from: release) == ["deployment/web spec.replicas"])
    }
  }
}
