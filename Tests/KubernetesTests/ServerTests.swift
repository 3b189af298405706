import Documents
import MooringTestSupport
import Testing

@testable import Kubernetes

/// Against a real API server: who it is, who we are, and what it has.
@Suite(.timeLimit(.minutes(5))) struct ServerTests {
  @Test(arguments: ["token", "certificate"]) func everyWayInIsTaken(_ context: String) async throws {
    try await Cluster.with(context: context) { cluster in
      let version = try await cluster.client.serverVersion()
      #expect(version >= ServerVersion.oldest)
    }
  }

  private func error(
    changing cluster: [String: String], user: String? = nil
  ) async throws -> KubernetesError? {
    let plane = try await ControlPlane.shared
    let fields = [
      "server": plane.url, "certificate-authority": plane.authority,
    ].merging(cluster) { $1 }.filter { !$0.value.isEmpty }.map { "\($0.key): \"\($0.value)\"" }.joined(separator: ", ")
    let text = """
      current-context: a
      contexts: [{name: a, context: {cluster: a, user: a}}]
      clusters: [{name: a, cluster: {\(fields)}}]
      users: [{name: a, user: \(user ?? "{token: \(plane.token)}")}]
      """
    let access = try Kubeconfig(parsing: Array(text.utf8), file: "config").access()
    let client = APIClient(access, settings: ClientSettings(userAgent: "tests", attempts: 1))
    do {
      _ = try await client.resources()
      await client.close()
      return nil
    } catch {
      await client.close()
      return error
    }
  }

  @Test func aServerThatAnUnknownAuthorityVouchesForIsNotTrusted() async throws {
    let other = try await TestAuthority()
    #expect(try await error(changing: ["certificate-authority": other.authority])?.code == .untrusted)
    #expect(try await error(changing: ["certificate-authority": ""])?.code == .untrusted)
  }

  @Test func aServerIsReachedByTheNameInItsCertificate() async throws {
    #expect(try await error(changing: ["tls-server-name": "kubernetes.default.svc"]) == nil)
  }

  @Test func whoeverTheServerDoesNotKnowIsTold() async throws {
    let error = try await error(changing: [:], user: "{token: wrong-token}")
    #expect(error?.code == .unauthorized)
    #expect(error?.description.contains("wrong-token") == false)
  }

  @Test func aServerThatIsNotThereCannotBeReached() async throws {
    #expect(try await error(changing: ["server": "https://127.0.0.1:1"])?.code == .unreachable)
  }

  @Test func itsKindsAreKnownByTheirResources() async throws {
    try await Cluster.with { cluster in
      let catalogue = try await cluster.client.resources()
      let deployments = try #require(catalogue[GroupVersionKind(apiVersion: "apps/v1", kind: "Deployment")])
      #expect(deployments.name == "deployments")
      #expect(deployments.isNamespaced)
      #expect(deployments.verbs.isSuperset(of: ["get", "list", "watch", "patch", "delete"]))
      #expect(deployments.subresources == ["scale", "status"])
      #expect(deployments.shortNames == ["deploy"])
      #expect(catalogue[GroupVersionKind(apiVersion: "v1", kind: "Namespace")]?.isNamespaced == false)
      #expect(catalogue[GroupKind(group: "networking.k8s.io", kind: "Ingress")]?.kind.version == "v1")
      #expect(catalogue.unavailable.isEmpty)
    }
  }

  @Test func aKindThatComesLaterIsFound() async throws {
    try await Cluster.with { cluster in
      let group = "\(cluster.namespace).example.com"
      let kind = GroupVersionKind(apiVersion: "\(group)/v1", kind: "Widget")
      let early = await #expect(throws: KubernetesError.self) { try await cluster.client.resource(for: kind) }
      #expect(early?.code == .unsupported)
      try await cluster.plane.kubectl(
        "apply", "-f", "-",
        input: """
          apiVersion: apiextensions.k8s.io/v1
          kind: CustomResourceDefinition
          metadata: {name: widgets.\(group)}
          spec:
            group: \(group)
            scope: Namespaced
            names: {plural: widgets, singular: widget, kind: Widget}
            versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
          """)
      try await cluster.plane.kubectl("wait", "--for=condition=Established", "crd/widgets.\(group)")
      await cluster.client.discovery.forget()
      let found = try await cluster.client.resource(for: kind)
      #expect(found.name == "widgets")
      let reference = ObjectReference(kind, namespace: cluster.namespace, name: "one")
      let made = try await cluster.client.apply(
        cluster.body("{apiVersion: \(group)/v1, kind: Widget, metadata: {name: one}, spec: {size: 3}}"), to: reference,
        Cluster.options)
      #expect(made.root["spec"]?["size"]?.scalar?.intValue == 3)
      try await cluster.plane.kubectl("delete", "crd", "widgets.\(group)")
    }
  }
}
