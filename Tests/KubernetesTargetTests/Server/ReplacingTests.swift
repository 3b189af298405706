import Documents
import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Against a real control plane: what can't be changed is made again where that is meant, and never lost for it.
@Suite("Objects that can't be changed", .inTurn) struct ReplacingTests {
  /// One kind's object in two versions of which the server doesn't make the other; `ANNOTATIONS` stands for theirs.
  static let objects: [(kind: String, version: String, first: String, second: String)] = [
    (
      "RoleBinding", "rbac.authorization.k8s.io/v1",
      "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}, subjects: []",
      "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}, subjects: []"
    ),
    (
      "Pod", "v1", "spec: {containers: [{name: a, image: 'r/a:1', args: [x]}]}",
      "spec: {containers: [{name: a, image: 'r/a:1', args: [y]}]}"
    ),
    ("Secret", "v1", "immutable: true, data: {a: YQ==}", "immutable: true, data: {a: Yg==}"),
    ("Secret", "v1", "type: Opaque, data: {a: YQ==}", "type: example.com/other, data: {a: YQ==}"),
    (
      "StatefulSet", "apps/v1",
      "spec: {replicas: 0, serviceName: a, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: 'r/a:1'}]}}}",
      "spec: {replicas: 0, serviceName: b, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: 'r/a:1'}]}}}"
    ),
    (
      "Job", "batch/v1",
      "spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: 'r/a:1'}]}}}",
      "spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: 'r/a:2'}]}}}"
    ),
    (
      "StorageClass", "storage.k8s.io/v1", "provisioner: example.com/p, parameters: {type: slow}",
      "provisioner: example.com/p, parameters: {type: fast}"
    ),
    ("StorageClass", "storage.k8s.io/v1", "provisioner: example.com/p", "provisioner: example.com/q"),
    ("PriorityClass", "scheduling.k8s.io/v1", "value: 1", "value: 2"),
  ]

  @Test(arguments: objects.indices) func areSaidToBeSoAndMadeAgainWhereThatIsMeant(_ index: Int) async throws {
    let (kind, version, first, second) = Self.objects[index]
    let site = try await LiveEnvironment { $0.clusterObjects = true }
    func text(_ fields: String, _ annotations: String = "{}") -> String {
      "{apiVersion: \(version), kind: \(kind), metadata: {name: NAMESPACE-a, annotations: \(annotations)}, \(fields)}\n"
    }
    let isOfCluster = kind.hasSuffix("Class")
    let reference = ObjectReference(
      GroupVersionKind(apiVersion: version, kind: kind), namespace: isOfCluster ? nil : site.namespace,
      name: "\(site.namespace)-a")
    try await site.deploy(text(first))
    let old = try #require(try await site.client.find(reference))
    let fault = try await site.refusal(of: text(second))
    #expect(fault?.remedy?.contains("mooring.dev/replace") == true, "\(String(describing: fault))")
    #expect(try await site.client.find(reference)?.uid == old.uid)
    try await site.deploy(text(second, "{mooring.dev/replace: 'true'}"))
    let new = try #require(try await site.client.find(reference))
    #expect(new.uid != old.uid)
    if isOfCluster { try await site.client.delete(reference) }
  }

  private static func map(_ data: String, _ annotations: String = "{mooring.dev/replace: 'true'}") -> String {
    "{apiVersion: v1, kind: ConfigMap, immutable: true, metadata: {name: a, annotations: \(annotations)}, data: \(data)}\n"
  }

  @Test(arguments: [true, false]) func areNotDeletedForOnesThatAreWrongBesides(_ check: Bool) async throws {
    let site = try await LiveEnvironment { $0.check = check }
    try await site.deploy(Samples.all(Self.map("{x: '1'}"), Samples.map("b")))
    let old = try #require(try await site.get("ConfigMap", "a"))
    let wrong = Samples.all(Self.map("{'no key': '2'}"), Samples.map("b"))
    let fault = try await site.refusal(of: wrong)
    #expect(fault?.code == .refusedContent)
    #expect(fault?.remedy == "correct it in the repository", "\(String(describing: fault))")
    #expect(try await site.get("ConfigMap", "a")?.uid == old.uid)
    let preview = try await site.target.preview(try site.contents(wrong))
    #expect(preview?.objects.contains { $0.action == .refuse } == true)
  }

  @Test(arguments: [true, false]) func areNotDeletedForOnesThatTheServerWouldNotMake(_ check: Bool) async throws {
    let site = try await LiveEnvironment { $0.check = check }
    func pod(_ account: String) -> String {
      """
      {apiVersion: v1, kind: Pod, metadata: {name: a, annotations: {mooring.dev/replace: 'true'}},
       spec: {serviceAccountName: \(account), containers: [{name: a, image: 'r/a:1'}]}}

      """
    }
    try await site.deploy(pod("default"))
    let old = try #require(try await site.get("Pod", "a"))
    // Nobody asks for an account before the Pod is made.
    let fault = try await site.refusal(of: pod("nobody"))
    #expect(fault?.what.contains("replace Pod \(site.namespace)/a") == true, "\(String(describing: fault))")
    #expect(fault?.what.contains("nobody") == true, "\(String(describing: fault))")
    let there = try #require(try await site.get("Pod", "a"))
    #expect(there.uid == old.uid && there.deletionTimestamp == nil)
    let preview = try await site.target.preview(try site.contents(pod("nobody")))
    #expect(preview?.objects.map(\.action) == [.refuse])
  }

  @Test func areTriedWithoutTheAddressAndPortThatTheOldOneHas() async throws {
    let site = try await LiveEnvironment()
    let server = ObjectReference(
      GroupVersionKind(apiVersion: "v1", kind: "Service"), namespace: "default", name: "kubernetes")
    let own = try #require(try await site.client.get(server).root["spec"]?["clusterIP"]?.text)
    let range = own.split(separator: ".").dropLast().joined(separator: ".")
    let port = Int.random(in: 31_000...32_000)
    func service(_ address: Int) -> String {
      """
      {apiVersion: v1, kind: Service, metadata: {name: a, annotations: {mooring.dev/replace: 'true'}},
       spec: {type: NodePort, clusterIP: \(range).\(address), ports: [{port: 80, nodePort: \(port)}]}}

      """
    }
    try await site.deploy(service(211))
    try await site.deploy(service(212))
    #expect(try await site.get("Service", "a")?.root["spec"]?["clusterIP"]?.text == "\(range).212")
  }

  @Test func areLeftByWordsOfOthersThatMeanNoDeletion() async throws {
    let site = try await LiveEnvironment()
    try await site.deploy(Self.map("{x: '1'}", "{}"))
    let old = try #require(try await site.get("ConfigMap", "a"))
    let whole = Self.map("{x: '2'}", "{argocd.argoproj.io/sync-options: Replace=true}")
    #expect(try await site.refusal(of: whole)?.remedy?.contains("mooring.dev/replace") == true)
    #expect(try await site.get("ConfigMap", "a")?.uid == old.uid)
    try await site.deploy(Self.map("{x: '2'}", "{argocd.argoproj.io/sync-options: Force=true}"))
    #expect(try await site.get("ConfigMap", "a")?.uid != old.uid)
  }

  @Test func thatHoldDataAreMadeAgainByOurOwnWordOnly() async throws {
    let site = try await LiveEnvironment()
    func claim(_ storage: String, _ annotations: String) -> String {
      """
      {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a, annotations: \(annotations)},
       spec: {storageClassName: \(storage), accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}

      """
    }
    try await site.deploy(claim("slow", "{}"))
    let old = try #require(try await site.get("PersistentVolumeClaim", "a"))
    let forced = claim("fast", "{argocd.argoproj.io/sync-options: 'Force=true,Replace=true'}")
    #expect(try await site.refusal(of: forced)?.remedy?.contains("mooring.dev/replace") == true)
    #expect(try await site.get("PersistentVolumeClaim", "a")?.uid == old.uid)
    try await site.deploy(claim("fast", "{mooring.dev/replace: 'true'}"))
    #expect(try await site.get("PersistentVolumeClaim", "a")?.uid != old.uid)
  }
}
