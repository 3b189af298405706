import Documents
import Kubernetes
import MooringModel
import Testing

@testable import KubernetesTarget

@Suite("In which order objects are applied") struct ApplyStagesTests {
  /// Objects as `Kind/name`, with annotations behind it.
  private func manifests(_ objects: [String]) throws -> [Manifest] {
    let texts = objects.map { line -> String in
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      let parts = words[0].split(separator: "/")
      let version = versions[String(parts[0])] ?? "v1"
      let annotations = words.count == 2 ? words[1] : "{}"
      return "{apiVersion: \(version), kind: \(parts[0]), metadata: {name: \(parts[1]), annotations: \(annotations)}}"
    }
    return try Release.manifests(texts.joined(separator: "\n---\n"))
  }

  private let versions = [
    "Deployment": "apps/v1", "Ingress": "networking.k8s.io/v1", "Widget": "example.com/v1",
    "CustomResourceDefinition": "apiextensions.k8s.io/v1", "ClusterRole": "rbac.authorization.k8s.io/v1",
    "ValidatingWebhookConfiguration": "admissionregistration.k8s.io/v1",
  ]

  private func names(_ stages: [[Manifest]]) -> [[String]] { stages.map { $0.map(\.reference.name).sorted() } }

  @Test func whatOthersNeedComesFirst() throws {
    let stages = ApplyStages(
      try manifests([
        "ValidatingWebhookConfiguration/judge", "Ingress/in", "Widget/w", "Deployment/d", "Service/s", "ConfigMap/c",
        "ClusterRole/r", "CustomResourceDefinition/crd", "Namespace/n",
      ]))
    #expect(try names(stages.whole) == [["n"], ["crd"], ["c", "r"], ["s"], ["d"], ["w"], ["in"], ["judge"]])
  }

  @Test func wavesGoBeforeKinds() throws {
    let stages = ApplyStages(
      try manifests([
        "Deployment/a {mooring.dev/wave: '-1'}", "ConfigMap/b", "Namespace/c {mooring.dev/wave: '1'}", "Deployment/d",
      ]))
    #expect(try names(stages.whole) == [["a"], ["b"], ["d"], ["c"]])
  }

  @Test func whatAnObjectDependsOnComesBeforeItWhateverItsKind() throws {
    let stages = ApplyStages(
      try manifests([
        "ConfigMap/a {mooring.dev/depends-on: 'deployment/shop/c'}",
        "ConfigMap/b {mooring.dev/depends-on: 'configmap/shop/a'}", "Deployment/c",
        "Deployment/d {mooring.dev/depends-on: 'deployment/shop/c'}",
      ]))
    #expect(try names(stages.whole) == [["c"], ["a", "d"], ["b"]])
  }

  @Test func whatIsThereAlreadyIsNotWaitedFor() throws {
    let some = try manifests([
      "ConfigMap/a {mooring.dev/depends-on: 'deployment/shop/c'}",
      "ConfigMap/b {mooring.dev/depends-on: 'configmap/shop/a'}",
    ])
    let stages = ApplyStages(some, present: [ObjectName(written: "deployment/shop/c")])
    #expect(try names(stages.whole) == [["a"], ["b"]])
  }

  @Test func aCircleIsNamed() throws {
    let stages = ApplyStages(
      try manifests([
        "ConfigMap/a {mooring.dev/depends-on: 'configmap/shop/b'}",
        "ConfigMap/b {mooring.dev/depends-on: 'configmap/shop/a'}",
      ]))
    let fault = #expect(throws: Fault.self) { try stages.whole }
    #expect(fault?.what == "configmap/shop/a depends on objects that depend on it")
  }

  @Test func whatIsNotInTheReleaseIsNamed() throws {
    let stages = ApplyStages(try manifests(["ConfigMap/a {mooring.dev/depends-on: 'configmap/shop/x'}"]))
    let fault = #expect(throws: Fault.self) { try stages.whole }
    #expect(fault?.what == "configmap/shop/a depends on configmap/shop/x, which the release doesn't have")
  }
}
