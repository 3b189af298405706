import MooringTestSupport
import Testing

/// Pods that do as they are told (`Tests/Kubernetes/stand-in-kubelet`).
@Suite("The stand-in for the kubelet", .inTurn)
struct StandInKubeletTests {
  private let plane: ControlPlane
  private let namespace: String

  init() async throws {
    plane = try await ControlPlane.shared
    namespace = try await plane.freshNamespace()
  }

  private func kubectl(_ arguments: String..., input: String = "") async throws -> String {
    try await plane.kubectl(["--namespace", namespace] + arguments, input: input)
  }

  private func apply(_ manifest: String) async throws { _ = try await kubectl("apply", "-f", "-", input: manifest) }

  private func wait(_ condition: String, of object: String) async throws {
    _ = try await kubectl("wait", "--for=\(condition)", object, "--timeout=60s")
  }

  private func podTemplate(_ behaviour: String?, restartPolicy: String = "Always") -> String {
    """
    metadata: { labels: { app: shop }\(behaviour.map { ", annotations: { stand-in-kubelet/behaviour: \($0) }" } ?? "") },
    spec: { restartPolicy: \(restartPolicy), containers: [ { name: shop, image: "shop:9f3" } ] }
    """
  }

  private func pod(_ behaviour: String) -> String {
    let template = podTemplate(behaviour).replacing("{ labels", with: "{ name: shop, labels")
    return "{ apiVersion: v1, kind: Pod, \(template) }"
  }

  @Test("a Deployment becomes available")
  func deployment() async throws {
    try await apply(
      """
      { apiVersion: apps/v1, kind: Deployment, metadata: { name: shop },
        spec: { replicas: 2, selector: { matchLabels: { app: shop } }, template: { \(podTemplate(nil)) } } }
      """)
    try await wait("condition=Available", of: "deployment/shop")
    _ = try await kubectl("rollout", "status", "deployment/shop", "--timeout=60s")
    let ready = try await kubectl("get", "deployment", "shop", "--output", "jsonpath={.status.readyReplicas}")
    #expect(ready == "2\n")
  }

  @Test(
    "a pod waits for the reason that it is to wait for, and an event tells more",
    arguments: [
      ("image-pull-back-off", "ImagePullBackOff", "Back-off pulling image \"shop:9f3\""),
      ("crash-loop-back-off", "CrashLoopBackOff", "Back-off restarting failed container"),
    ])
  func waiting(behaviour: String, reason: String, message: String) async throws {
    try await apply(pod(behaviour))
    try await wait("jsonpath={.status.containerStatuses[0].state.waiting.reason}=\(reason)", of: "pod/shop")
    let events = try await kubectl(
      "get", "events", "--field-selector", "involvedObject.name=shop,reason=BackOff", "--output",
      "jsonpath={.items[*].message}")
    #expect(events == message + "\n")
  }

  @Test("a pod crashes as often as it is told to")
  func restarts() async throws {
    try await apply(pod("crash-loop-back-off"))
    try await wait("jsonpath={.status.containerStatuses[0].restartCount}=3", of: "pod/shop")
    _ = try await kubectl("annotate", "pod", "shop", "stand-in-kubelet/restarts=4")
    try await wait("jsonpath={.status.containerStatuses[0].restartCount}=4", of: "pod/shop")
  }

  @Test("a pod is not ready until it is told to be", arguments: ["pending", "never-ready", "image-pull-back-off"])
  func recovery(behaviour: String) async throws {
    try await apply(pod(behaviour))
    let condition = behaviour == "pending" ? "PodScheduled" : "Ready"
    try await wait("jsonpath={.status.conditions[?(@.type==\"\(condition)\")].status}=False", of: "pod/shop")
    _ = try await kubectl("annotate", "--overwrite", "pod", "shop", "stand-in-kubelet/behaviour=ready")
    try await wait("condition=Ready", of: "pod/shop")
  }

  @Test("a Job succeeds or fails", arguments: [(nil, "Complete"), ("fail", "Failed")])
  func job(behaviour: String?, condition: String) async throws {
    try await apply(
      """
      { apiVersion: batch/v1, kind: Job, metadata: { name: shop },
        spec: { backoffLimit: 0, template: { \(podTemplate(behaviour, restartPolicy: "Never")) } } }
      """)
    try await wait("condition=\(condition)", of: "job/shop")
  }

  @Test("a deleted pod goes, and so does a deleted namespace with pods in it")
  func deletion() async throws {
    try await apply(pod("ready"))
    try await wait("condition=Ready", of: "pod/shop")
    _ = try await kubectl("delete", "pod", "shop", "--timeout=60s")
    try await apply(pod("ready"))
    try await plane.kubectl("delete", "namespace", namespace, "--timeout=60s")
  }
}
