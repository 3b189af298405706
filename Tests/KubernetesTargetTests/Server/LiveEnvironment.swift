import Documents
import Kubernetes
import MooringModel
import MooringTestSupport

@testable import KubernetesTarget

/// An environment in a namespace of its own, on a real control plane.
///
/// In manifests `NAMESPACE` stands for the namespace, which is the environment's name too.
struct LiveEnvironment: Sendable {
  let plane: ControlPlane
  let namespace: String
  let target: any Target
  let client: APIClient
  let options: KubernetesTargetOptions

  /// Clients stay open as long as the process runs: all tests share them.
  private static let clusters = Clusters()

  /// - Parameters:
  ///   - plane: The one that all tests share, where it is `nil`.
  ///   - isMade: Whether the namespace is there before the first deployment.
  init(
    on plane: ControlPlane? = nil, namespace: String? = nil, environment: String? = nil, isMade: Bool = true,
    kubeconfig: String? = nil, _ change: (inout KubernetesTargetOptions) -> Void = { _ in }
  ) async throws {
    let plane = if let plane { plane } else { try await ControlPlane.shared }
    self.plane = plane
    if let namespace {
      self.namespace = namespace
    } else if isMade {
      self.namespace = try await plane.freshNamespace("target")
    } else {
      self.namespace = "made-\(UInt32.random(in: .min ... .max))"
    }
    var options = KubernetesTargetOptions(
      kubeconfig: kubeconfig ?? plane.kubeconfig, namespace: self.namespace, readyWithin: .seconds(60))
    change(&options)
    self.options = options
    target = Self.clusters.target(options, environment: try EnvironmentName(environment ?? self.namespace))
    client = try await SharedClients.instance.client(of: plane)
  }

  /// Of an environment that is called as its namespace.
  var owner: ObjectOwner { ObjectOwner(environment: namespace, namespace: namespace) }

  // MARK: Deploying

  func contents(_ files: [String: String]) throws -> StaticContents {
    try StaticContents(files.mapValues { .text($0.replacing("NAMESPACE", with: namespace)) })
  }

  func contents(_ text: String) throws -> StaticContents { try contents(["all.yaml": text]) }

  /// As the watcher does it: what is there is asked for, and each step of the plan carried out.
  ///
  /// - Parameters:
  ///   - overwriting: Over what somebody changed.
  ///   - isRollback: As going back does it; that goes over everything, too.
  ///   - spared: What isn't ours.
  /// - Returns: What the steps said.
  @discardableResult
  func deploy(
    _ contents: StaticContents, overwriting: Bool = false, isRollback: Bool = false,
    sparing spared: SparedFields = SparedFields()
  ) async throws -> [Step.Kind: String] {
    try await target.recover()
    let observation = try await target.observe()
    let plan = plan(
      observation, to: contents.digest, changes: [], keeping: [], overwriting: overwriting || isRollback,
      isRollback: isRollback, spared: spared)
    var said: [Step.Kind: String] = [:]
    for step in plan.steps { said[step.kind] = try await target.carryOut(step, of: plan, contents: contents).summary }
    return said
  }

  @discardableResult
  func deploy(
    _ text: String, overwriting: Bool = false, isRollback: Bool = false
  ) async throws -> [Step.Kind: String] {
    try await deploy(contents(text), overwriting: overwriting, isRollback: isRollback)
  }

  /// What is said of a deployment that has to fail.
  func refusal(of text: String, overwriting: Bool = false) async throws -> Fault? {
    do { try await deploy(text, overwriting: overwriting) } catch let fault as Fault { return fault }
    return nil
  }

  // MARK: What is there

  func reference(_ kind: String, _ name: String, _ version: String = "v1") -> ObjectReference {
    ObjectReference(GroupVersionKind(apiVersion: version, kind: kind), namespace: namespace, name: name)
  }

  func get(_ kind: String, _ name: String, _ version: String = "v1") async throws -> KubernetesObject? {
    do { return try await client.get(reference(kind, name, version)) } catch {
      if error.code == .notFound { return nil }
      throw error
    }
  }

  @discardableResult
  func kubectl(_ arguments: String..., input: String = "") async throws -> String {
    try await plane.kubectl(
      ["--namespace", namespace] + arguments, input: input.replacing("NAMESPACE", with: namespace))
  }

  /// Changes an object as somebody else does.
  @discardableResult
  func patch(_ reference: ObjectReference, _ merge: String, by manager: String = "kubectl-edit") async throws
    -> KubernetesObject
  {
    try await client.patch(
      reference, .merge, JSONBody(Release.node(merge)), WriteOptions(fieldManager: manager))
  }

  /// Returns when the server's clock, of which it writes down seconds, shows a later one than where an object was written.
  func letSecondPass(since object: KubernetesObject) async throws {
    func latest(_ object: KubernetesObject) throws -> String { try object.managedFields.compactMap(\.time).max() ?? "" }
    let before = try latest(object)
    var now = before
    while now <= before {
      // Where nobody looks.
      let kind = GroupVersionKind(apiVersion: "v1", kind: "ConfigMap")
      let clock = ObjectReference(kind, namespace: "default", name: "clock-\(UInt64.random(in: .min ... .max))")
      let body = try JSONBody(
        Release.node(
          "{apiVersion: v1, kind: ConfigMap, metadata: {name: \(clock.name), namespace: default, labels: {a: b}}}"))
      now = try latest(await client.create(body, as: clock, WriteOptions(fieldManager: "clock")))
    }
  }

  // MARK: Health

  /// How the release is, once that is as expected; or after a minute.
  func health(of contents: StaticContents, until isExpected: (TargetHealth) -> Bool) async throws -> TargetHealth {
    let end = ContinuousClock.now + .seconds(60)
    while true {
      let health = try await target.health(of: contents)
      if isExpected(health) || ContinuousClock.now > end { return health }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  // MARK: Drift

  /// What differs, as `deployment/web spec.replicas`, `pod/x added` and `service/web gone`.
  func drift(from contents: StaticContents, _ scope: LookScope = .everything) async throws -> [String] {
    try await target.differences(from: contents, in: scope, LookRules()).differences.asyncFlatMap { live in
      let name = live.object.string.replacing("/\(namespace)/", with: "/")
      if live.expected == nil { return ["\(name) added"] }
      if live.found == nil { return ["\(name) gone"] }
      return try await fields(of: live.object).map { "\(name) \($0)" }
    }
  }

  private func fields(of object: ObjectName) async throws -> [String] {
    guard let content = try await target.read(object, limit: 1 << 20), let expected = content.expected else {
      return ["unreadable"]
    }
    return differences(from: expected, to: content.bytes, path: "object.json").fields.map(\.path.description).sorted()
  }

  /// Puts back what differs, as it is seen now or was seen before.
  ///
  /// - Parameter fields: Nothing but these.
  @discardableResult
  func heal(
    _ contents: StaticContents, seen: [LiveDifference]? = nil, fields: [String]? = nil,
    sparing spared: SparedFields = SparedFields()
  ) async throws -> String {
    let found =
      if let seen { seen } else {
        try await target.differences(from: contents, in: .everything, LookRules()).differences
      }
    let part = try fields.map { Restoration.Part(fields: $0, bytes: [], content: try contents.identity(of: [])) }
    let restorations = found.map { Restoration(object: $0.object, seen: $0.found, part: part) }
    let plan = Plan(
      from: contents.digest, to: contents.digest, changes: [], steps: [.restore(restorations)], overwrites: true,
      spared: spared)
    return try await target.carryOut(plan.steps[0], of: plan, contents: contents).summary
  }
}

/// One client for each control plane, closed never: the process ends with it.
private actor SharedClients {
  static let instance = SharedClients()
  private var clients: [String: APIClient] = [:]

  func client(of plane: ControlPlane) throws -> APIClient {
    if let known = clients[plane.url] { return known }
    let access = try Kubeconfig(file: plane.kubeconfig).access()
    let client = APIClient(access, settings: ClientSettings(userAgent: "tests"))
    clients[plane.url] = client
    return client
  }
}

extension Sequence {
  func asyncFlatMap<Result>(_ transform: (Element) async throws -> [Result]) async rethrows -> [Result] {
    var results: [Result] = []
    for element in self { results += try await transform(element) }
    return results
  }
}

/// Manifests that several tests use.
enum Samples {
  static func deployment(
    _ name: String = "web", replicas: Int = 1, image: String = "r/web:1", behaviour: String = "ready", more: String = ""
  ) -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: \(name)}
    spec:
      replicas: \(replicas)
      selector: {matchLabels: {app: \(name)}}
      template:
        metadata: {labels: {app: \(name)}, annotations: {stand-in-kubelet/behaviour: \(behaviour)}}
        spec:
          containers: [{name: web, image: "\(image)", env: [{name: A, value: "1"}], ports: [{containerPort: 80}]\(more)}]

    """
  }

  static func statefulSet(_ name: String = "store", image: String = "r/db:1", behaviour: String = "ready") -> String {
    """
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: \(name)}
    spec:
      replicas: 2
      serviceName: \(name)
      selector: {matchLabels: {app: \(name)}}
      template:
        metadata: {labels: {app: \(name)}, annotations: {stand-in-kubelet/behaviour: \(behaviour)}}
        spec: {containers: [{name: db, image: "\(image)"}]}

    """
  }

  static func map(_ name: String, _ data: String = "{x: '1'}", _ annotations: String = "{}") -> String {
    "{apiVersion: v1, kind: ConfigMap, metadata: {name: \(name), annotations: \(annotations)}, data: \(data)}\n"
  }

  static func service(_ name: String = "web") -> String {
    """
    apiVersion: v1
    kind: Service
    metadata: {name: \(name)}
    spec: {selector: {app: \(name)}, ports: [{name: http, port: 80}, {name: dns, port: 53, protocol: UDP}]}

    """
  }

  static func all(_ texts: String...) -> String { texts.joined(separator: "---\n") }
}

extension Target {
  /// Where everything is ours.
  func preview(_ contents: any ReleaseContents) async throws -> TargetPreview? {
    try await preview(contents, sparing: SparedFields())
  }
}
