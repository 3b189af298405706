import Documents
import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Against a real control plane: what somebody changes by hand is found, told of, and put back.
@Suite("Drift in a cluster", .inTurn) struct LiveDriftTests {
  private func site() async throws -> (LiveEnvironment, StaticContents) {
    let site = try await LiveEnvironment()
    let quiet = Samples.deployment().replacing("  replicas: 1", with: "  replicas: 1\n  minReadySeconds: 0")
      .replacing("      containers:", with: "      automountServiceAccountToken: false\n      containers:")
    let release = try site.contents(Samples.all(quiet, Samples.service(), Samples.map("a", "{x: '1', y: '2'}")))
    try await site.deploy(release)
    return (site, release)
  }

  @Test func everyClassOfChangeIsFoundByField() async throws {
    let (site, release) = try await site()
    #expect(try await site.drift(from: release) == [])
    let deployment = site.reference("Deployment", "web", "apps/v1")
    let container = "spec.template.spec.containers[name=web]"
    try await site.patch(
      deployment,
      "{metadata: {labels: {team: x}}, spec: {minReadySeconds: 5, template: {spec: {automountServiceAccountToken: null}}}}"
    )
    try await site.kubectl("set", "env", "deployment/web", "A=2", "B=3")
    try await site.patch(site.reference("ConfigMap", "a"), "{data: {x: null, z: '3'}}")
    try await site.client.delete(site.reference("Service", "web"))
    try await site.kubectl("create", "configmap", "stranger")
    let found = try await site.drift(from: release)
    #expect(
      found == [
        "configmap/a data.x", "configmap/a data.z", "configmap/stranger added", "deployment/web metadata.labels",
        "deployment/web spec.minReadySeconds", "deployment/web spec.template.spec.automountServiceAccountToken",
        "deployment/web \(container).env[name=A].value", "deployment/web \(container).env[name=B]", "service/web gone",
      ])
    let summary = try await site.heal(release)
    #expect(summary.hasPrefix("put back 3 objects"), "\(summary)")
    #expect(summary.contains("configmap/\(site.namespace)/stranger stays: Mooring didn't make it"), "\(summary)")
    #expect(try await site.drift(from: release) == ["configmap/stranger added"])
  }

  @Test func whoDidItIsNamed() async throws {
    let (site, release) = try await site()
    // What goes through the subresource `scale` is recorded by servers from 1.22 on.
    try await site.kubectl("scale", "deployment/web", "--replicas", "2")
    #expect(try await site.drift(from: release) == ["deployment/web spec.replicas"])
    try await site.kubectl("patch", "deployment/web", "--patch", #"{"spec": {"replicas": 3}}"#)
    let report = try await site.target.differences(from: release, in: .everything, LookRules())
    let drift = try #require(report.differences.first)
    #expect(drift.by?.program == "kubectl-patch")
    #expect(drift.by?.certainty == .likely, "a client chooses its name")
    #expect(drift.by?.at != nil)
    #expect(try await site.drift(from: release) == ["deployment/web spec.replicas"])
    // Ports are known to the server by number and protocol, and to us by name.
    try await site.patch(
      site.reference("Service", "web"),
      "{spec: {ports: [{name: http, port: 80, targetPort: 99, protocol: TCP}, {name: dns, port: 53, protocol: UDP}, {name: new, port: 5}]}}",
      by: "port-changer")
    let service = try await site.target.differences(
      from: release, in: .objects([ObjectName(written: "service/\(site.namespace)/web")]), LookRules())
    #expect(service.differences.first?.by?.program == "port-changer")
    let found = try await site.drift(from: release)
    #expect(
      found == [
        "deployment/web spec.replicas", "service/web spec.ports[name=http].targetPort",
        "service/web spec.ports[name=new]",
      ])
  }

  @Test func whatSomebodyAddsToAListThatIsOneValueIsFound() async throws {
    let site = try await LiveEnvironment()
    let binding = """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: b}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
      subjects: [{kind: User, name: ann, apiGroup: rbac.authorization.k8s.io}]
      """
    let release = try site.contents(binding)
    try await site.deploy(release)
    try await site.kubectl(
      "patch", "rolebinding", "b", "--type", "json", "--patch",
      #"[{"op": "add", "path": "/subjects/-", "value": {"kind": "User", "name": "eve"}}]"#)
    #expect(try await site.drift(from: release) == ["rolebinding/b subjects[name=eve]"])
    try await site.heal(release)
    #expect(try await site.drift(from: release) == [])
  }

  @Test func whatAnAutoscalerDoesIsNone() async throws {
    let (site, release) = try await site()
    try await site.patch(
      site.reference("Deployment", "web", "apps/v1"), "{spec: {replicas: 4}}", by: "kube-controller-manager")
    #expect(try await site.drift(from: release) == [])
    try await site.kubectl("rollout", "restart", "deployment/web")
    #expect(try await site.drift(from: release) == [])
  }

  @Test func whatIsAnnotatedAsOthersIsNoneAndHealingLeavesIt() async throws {
    let site = try await LiveEnvironment()
    let release = try site.contents(Samples.map("a", "{x: '1', y: '1'}", "{mooring.dev/ignore: 'data.x, data.z'}"))
    try await site.deploy(release)
    try await site.patch(site.reference("ConfigMap", "a"), "{data: {x: '2', y: '2', z: '2'}}")
    #expect(try await site.drift(from: release) == ["configmap/a data.y"])
    try await site.heal(release)
    #expect(try await site.drift(from: release) == [])
    let healed = try await site.get("ConfigMap", "a")?.root["data"]
    #expect(["x", "y", "z"].map { healed?[$0]?.text } == ["2", "1", "2"])
  }

  @Test func aChangeThatCameInBetweenIsNotOverwritten() async throws {
    let (site, release) = try await site()
    let map = site.reference("ConfigMap", "a")
    try await site.patch(map, "{data: {x: '5'}}")
    let seen = try await site.target.differences(from: release, in: .everything, LookRules()).differences
    try await site.patch(map, "{data: {x: '6'}}")
    let fault = await #expect(throws: Fault.self) { try await site.heal(release, seen: seen) }
    #expect(fault?.code == .conflict)
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["x"]?.text == "6")
    // What was deleted meanwhile, or made again, isn't what was seen either.
    try await site.client.delete(map)
    await #expect(throws: Fault.self) { try await site.heal(release, seen: seen) }
    let gone = try await site.target.differences(from: release, in: .everything, LookRules()).differences
    try await site.kubectl("create", "configmap", "a", "--from-literal", "x=7")
    await #expect(throws: Fault.self) { try await site.heal(release, seen: gone) }
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["x"]?.text == "7")
    // Seen as it is now, it is put back.
    try await site.heal(release)
    #expect(try await site.drift(from: release) == [])
  }

  @Test func whatControllersWriteMeanwhileIsNotInTheWayOfHealing() async throws {
    let (site, release) = try await site()
    let deployment = site.reference("Deployment", "web", "apps/v1")
    try await site.patch(deployment, "{spec: {replicas: 3}}")
    let seen = try await site.target.differences(from: release, in: .everything, LookRules()).differences
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for number in 0..<40 {
          try await site.patch(
            deployment, "{metadata: {annotations: {deployment.kubernetes.io/revision: '\(number)'}}}",
            by: "kube-controller-manager")
        }
      }
      try await site.heal(release, seen: seen)
      try await group.waitForAll()
    }
    #expect(try await site.get("Deployment", "web", "apps/v1")?.root["spec"]?["replicas"]?.text == "1")
  }

  // MARK: Watching

  @Test func changesAreToldAsTheyHappenAndOurOwnAsOurs() async throws {
    let (site, release) = try await site()
    let watch = try await site.target.watch(LookRules())
    #expect(watch.means == .managers)
    let map = site.reference("ConfigMap", "a")
    // Until the watch has begun nothing is told: something else is changed until it is.
    let first = try await watch.changes.first(in: .seconds(60)) {
      try await site.patch(
        site.reference("Service", "web"), "{metadata: {annotations: {n: '\(UInt32.random(in: .min ... .max))'}}}")
    }
    #expect(first?.object?.string == "service/\(site.namespace)/web")
    var changes = watch.changes.makeAsyncIterator()
    func next(_ name: String) async throws -> LiveChange? {
      while let change = await changes.next() { if change.object?.string == "\(name)" { return change } }
      return nil
    }
    let name = "configmap/\(site.namespace)/a"
    let patched = try await site.patch(map, "{data: {x: '5'}}")
    #expect(try await next(name)?.isOurs == false)
    // The server's times have seconds: what happens within one can't be told apart, and is looked at once too often.
    try await site.letSecondPass(since: patched)
    try await site.heal(release)
    #expect(try await next(name)?.isOurs == true)
    // Whoever takes a field away leaves no field behind.
    try await site.patch(map, "{data: {y: null}}")
    #expect(try await next(name)?.isOurs == false)
    try await site.client.delete(map)
    #expect(try await next(name)?.isOurs == false)
    try await site.kubectl("create", "configmap", "stranger")
    #expect(try await next("configmap/\(site.namespace)/stranger")?.isOurs == false)
  }

  @Test func aWatchEndsWhereAnotherProgramDeploysOtherObjects() async throws {
    let (site, _) = try await site()
    let other = try await LiveEnvironment(namespace: site.namespace, environment: site.namespace)
    let watch = try await site.target.watch(LookRules())
    let more = try site.contents(
      Samples.all(Samples.deployment(), Samples.service(), Samples.map("a"), Samples.map("b")))
    var isDeployed = false
    // The watch of the inventory may begin after the first deployment: then the second is seen.
    _ = try await watch.changes.first(in: .seconds(60)) {
      isDeployed.toggle()
      try await other.deploy(
        isDeployed
          ? more
          : try site.contents(Samples.all(Samples.deployment(), Samples.service(), Samples.map("a"), Samples.map("c"))))
    } until: { _ in
      false
    }
  }

  @Test func aWatchGoesOnWithWhatItsOwnDeploymentPutThere() async throws {
    let (site, _) = try await site()
    let watch = try await site.target.watch(LookRules())
    let account = "{apiVersion: v1, kind: ServiceAccount, metadata: {name: robot}}\n"
    let release = try site.contents(Samples.all(Samples.deployment(), Samples.service(), Samples.map("a"), account))
    try await site.deploy(release)
    let name = "serviceaccount/\(site.namespace)/robot"
    let told = try await watch.changes.first(in: .seconds(60)) {
      try await site.patch(
        site.reference("ServiceAccount", "robot"), "{metadata: {labels: {n: '\(UInt32.random(in: .min ... .max))'}}}")
    } until: { change in
      change.object?.string == name
    }
    #expect(told?.object?.string == name)
  }

  @Test func aLookWhileItIsWatchedFindsTheSame() async throws {
    let (site, release) = try await site()
    let watch = try await site.target.watch(LookRules())
    #expect(try await site.drift(from: release) == [])
    let deployment = "deployment/\(site.namespace)/web"
    let service = "service/\(site.namespace)/web"
    let stranger = "configmap/\(site.namespace)/stranger"
    var left: Set = [deployment, service, stranger]
    let changes = watch.changes
    try await site.patch(site.reference("Deployment", "web", "apps/v1"), "{spec: {replicas: 3}}")
    try await site.kubectl("create", "configmap", "stranger")
    try await site.client.delete(site.reference("Service", "web"))
    for await change in changes {
      if let object = change.object?.string { left.remove(object) }
      if left.isEmpty { break }
    }
    let found = ["configmap/stranger added", "deployment/web spec.replicas", "service/web gone"]
    #expect(try await site.drift(from: release) == found)
    #expect(try await site.drift(from: release, .objects([ObjectName(path: stranger.utf8)])) == [found[0]])
    try await site.heal(release)
    #expect(try await site.drift(from: release) == [found[0]])
  }
}

extension AsyncStream where Element: Sendable {
  /// The first element that fits, or `nil` with the stream's end; `act` is repeated until then.
  fileprivate func first(
    in limit: Duration, _ act: @escaping () async throws -> Void,
    until fits: @escaping @Sendable (Element) -> Bool = { _ in true }
  ) async throws -> Element? {
    let stream = self
    let found = Task {
      for await element in stream where fits(element) { return Optional(element) }
      return nil
    }
    let isOver = Signal()
    let watcher = Task {
      _ = await found.value
      await isOver.set()
    }
    defer {
      found.cancel()
      watcher.cancel()
    }
    let end = ContinuousClock.now + limit
    while await !isOver.value {
      guard ContinuousClock.now < end else { throw NeverCame() }
      try await act()
      try await Task.sleep(for: .milliseconds(100))
    }
    return await found.value
  }
}

private struct NeverCame: Error {}

private actor Signal {
  private(set) var value = false
  func set() { value = true }
}
