import Documents
import MooringTestSupport
import Testing

@testable import Kubernetes

/// Against a real API server: objects are read and written.
@Suite(.timeLimit(.minutes(5))) struct WritingTests {
  @Test func whatIsAppliedIsThere() async throws {
    try await Cluster.with { cluster in
      let made = try await cluster.apply("a", #"{x: "1", y: "é\n\"\\"}"#)
      #expect(made.namespace == cluster.namespace)
      let read = try await cluster.client.get(cluster.reference("a"))
      #expect(read.root["data"]?["y"]?.text == "é\n\"\\")
      #expect(read.resourceVersion == made.resourceVersion)
      let fields = try read.managedFields
      #expect(fields.map(\.manager) == ["tests"])
      #expect(fields[0].operation == .apply)
      #expect(fields[0].fields.paths.map(\.description) == ["data.x", "data.y"])
      // Nothing changes: nothing is written.
      #expect(try await cluster.apply("a", #"{x: "1", y: "é\n\"\\"}"#).resourceVersion == made.resourceVersion)
      // What is no longer applied goes.
      let less = try await cluster.apply("a", #"{x: "1"}"#)
      #expect(less.root["data"]?.entries.map(\.key) == ["x"])
    }
  }

  @Test func aDryRunKeepsNothing() async throws {
    try await Cluster.with { cluster in
      let options = WriteOptions(fieldManager: "tests", isDryRun: true, fieldValidation: .strict)
      let would = try await cluster.apply("a", "{x: '1'}", options)
      #expect(would.uid != nil)
      let error = await #expect(throws: KubernetesError.self) {
        try await cluster.client.get(cluster.reference("a"))
      }
      #expect(error?.code == .notFound)
      #expect(error?.description.hasPrefix("get ConfigMap \(cluster.namespace)/a: ") == true)
    }
  }

  @Test func fieldsOfAnotherManagerAreNamedAndTakenOverByForceOnly() async throws {
    try await Cluster.with { cluster in
      try await cluster.apply("a", "{x: '1', y.z: '1'}", WriteOptions(fieldManager: "other"))
      let error = await #expect(throws: KubernetesError.self) { try await cluster.apply("a", "{x: '2', y.z: '2'}") }
      #expect(error?.code == .conflict)
      let conflicts = error?.fieldConflicts ?? []
      #expect(Set(conflicts.map(\.manager)) == ["other"])
      let applied = try yaml("data: {x: '2', y.z: '2'}")
      #expect(Set(conflicts.compactMap { $0.path(in: applied)?.description }) == ["data.x", "data[\"y.z\"]"])
      let taken = try await cluster.apply("a", "{x: '2'}", WriteOptions(fieldManager: "tests", force: true))
      #expect(taken.root["data"]?["x"]?.text == "2")
    }
  }

  @Test func fieldsOfListsAreReadAsPaths() async throws {
    try await Cluster.with { cluster in
      let deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, finalizers: [example.com/hold]}
        spec:
          replicas: 0
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: web, image: "r/web:1", ports: [{containerPort: 80, protocol: TCP}]}]}
        """
      let reference = cluster.reference("web", "Deployment", "apps/v1")
      let made = try await cluster.client.apply(cluster.body(deployment), to: reference, Cluster.options)
      let fields = try #require(try made.managedFields.first { $0.manager == "tests" }?.fields)
      for path in [
        "spec.template.spec.containers[name=web].image",
        "spec.template.spec.containers[name=web].ports[containerPort,protocol=80,TCP].containerPort",
        #"metadata.finalizers[""="example.com/hold"]"#,
      ] {
        #expect(fields.contains(try FieldPath(parsing: path)), "\(path)")
      }
      let other = WriteOptions(fieldManager: "other")
      let changed = deployment.replacing("r/web:1", with: "r/web:2")
      let error = await #expect(throws: KubernetesError.self) {
        try await cluster.client.apply(cluster.body(changed), to: reference, other)
      }
      let paths = try (error?.fieldConflicts ?? []).compactMap { try $0.path(in: yaml(changed))?.description }
      #expect(paths == ["spec.template.spec.containers[name=web].image"])
      let steps = #"[{"op": "remove", "path": "/metadata/finalizers"}]"#
      _ = try await cluster.client.patch(reference, .json, JSONBody(verbatim: Array(steps.utf8)), other)
    }
  }

  @Test func whatIsThereIsNotCreatedAgain() async throws {
    try await Cluster.with { cluster in
      let body = try cluster.body("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}")
      _ = try await cluster.client.create(body, as: cluster.reference("a"), Cluster.options)
      let error = await #expect(throws: KubernetesError.self) {
        try await cluster.client.create(body, as: cluster.reference("a"), Cluster.options)
      }
      #expect(error?.code == .alreadyExists)
    }
  }

  @Test func partsAreChangedByPatches() async throws {
    try await Cluster.with { cluster in
      try await cluster.apply("a", "{x: '1'}")
      let merge = JSONBody(verbatim: Array(#"{"data":{"x":null,"y":"2"}}"#.utf8))
      let merged = try await cluster.client.patch(cluster.reference("a"), .merge, merge, Cluster.options)
      #expect(merged.root["data"]?.entries.map(\.key) == ["y"])
      let steps = JSONBody(verbatim: Array(#"[{"op":"replace","path":"/data/y","value":"3"}]"#.utf8))
      let stepped = try await cluster.client.patch(cluster.reference("a"), .json, steps, Cluster.options)
      #expect(stepped.root["data"]?["y"]?.text == "3")
    }
  }

  @Test func anObjectIsReplacedOnlyAsItWasRead() async throws {
    try await Cluster.with { cluster in
      let first = try await cluster.apply("a", "{x: '1'}")
      let body = try JSONBody(first.root)
      try await cluster.apply("a", "{x: '2'}")
      let error = await #expect(throws: KubernetesError.self) {
        try await cluster.client.replace(body, at: cluster.reference("a"), Cluster.options)
      }
      #expect(error?.code == .conflict)
      #expect(error?.fieldConflicts.isEmpty == true)
      let present = try await cluster.client.get(cluster.reference("a"))
      _ = try await cluster.client.replace(JSONBody(present.root), at: cluster.reference("a"), Cluster.options)
    }
  }

  @Test func onlyTheObjectThatIsMeantIsDeleted() async throws {
    try await Cluster.with { cluster in
      let made = try await cluster.apply("a", "{x: '1'}")
      let reference = cluster.reference("a")
      for options in [DeleteOptions(uid: "00000000-0000-0000-0000-000000000000"), DeleteOptions(resourceVersion: "1")] {
        let error = await #expect(throws: KubernetesError.self) { try await cluster.client.delete(reference, options) }
        #expect(error?.code == .conflict)
      }
      try await cluster.client.delete(reference, DeleteOptions(isDryRun: true))
      try await cluster.client.delete(
        reference, DeleteOptions(propagation: .foreground, uid: made.uid, resourceVersion: made.resourceVersion))
      let error = await #expect(throws: KubernetesError.self) { try await cluster.client.delete(reference) }
      #expect(error?.code == .notFound)
    }
  }

  @Test func whatIsWrongIsToldFieldByField() async throws {
    try await Cluster.with { cluster in
      let error = await #expect(throws: KubernetesError.self) {
        try await cluster.client.apply(
          cluster.body(
            "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 0, protocol: TCP}]}}"),
          to: cluster.reference("a", "Service"), Cluster.options)
      }
      #expect(error?.code == .invalid)
      #expect(error?.status?.causes.map(\.field).contains("spec.ports[0].port") == true)
    }
  }

  @Test func listsComeInPages() async throws {
    try await Cluster.with(pageSize: 3) { cluster in
      for number in 0..<8 { try await cluster.apply("c-\(number)", "{x: '1'}") }
      let resource = try await cluster.client.resource(for: ClientFixture.configMap)
      var sizes: [Int] = []
      var names: [String] = []
      let selector = ObjectSelector(fields: "metadata.name!=kube-root-ca.crt")
      for try await page in cluster.client.pages(of: resource, namespace: cluster.namespace, selector: selector) {
        sizes.append(page.objects.count)
        names += page.objects.map(\.name)
        #expect(page.objects.allSatisfy { $0.kind == ClientFixture.configMap })
      }
      #expect(sizes.count == 3)
      #expect(names == (0..<8).map { "c-\($0)" })
    }
  }
}
