import Documents
import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

@Suite("What of a release's files is an object") struct ManifestReaderTests {
  static let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"

  @Test func everyDocumentOfEveryManifestIsAnObject() throws {
    let drafts = try Release.drafts([
      "a.yaml": .text(Self.map + "---\n---\n# nothing\n---\n" + Self.map), "b/c.yml": .text(Self.map),
      "d.json": #"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "d"}}"#,
      "README.md": "apiVersion: v1", "link.yaml": .link("a.yaml"), "run.sh": .script("#!/bin/sh\n"),
    ])
    #expect(drafts.map(\.origin.description) == ["a.yaml:1", "a.yaml:8", "b/c.yml:1", "d.json:1"])
  }

  @Test func theObjectsOfAListStandForThemselves() throws {
    let drafts = try Release.drafts([
      "a.yaml": """
      apiVersion: v1
      kind: List
      items:
        - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
        - {apiVersion: apps/v1, kind: Deployment, metadata: {name: b, namespace: other}}
      """
    ])
    #expect(drafts.map(\.reference.description) == ["ConfigMap a", "Deployment.apps other/b"])
    #expect(drafts.map(\.origin.line) == [4, 5])
  }

  @Test func whatIsForToolsIsPassedOver() throws {
    let local = "{name: a, annotations: {config.kubernetes.io/local-config: 'true'}}"
    #expect(try Release.drafts(["a.yaml": .text("{apiVersion: v1, kind: ConfigMap, metadata: \(local)}")]).isEmpty)
  }

  /// Files, and what is said of them.
  static let refused: [(text: String, message: String)] = [
    ("a: [", "a.yaml:1: "),
    ("- a", "a.yaml:1: a list where an object should be"),
    ("kind: ConfigMap\nmetadata: {name: a}", "a.yaml:1: an object without apiVersion and kind"),
    ("apiVersion: v1\nkind: ConfigMap", "a.yaml:1: a ConfigMap without a name"),
    ("apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: a-}", "`generateName` would make another object"),
    ("apiVersion: v1\nkind: List\nitems: [{kind: List, items: []}]", "a list in a list"),
    (map + "sops: {mac: 'ENC[…]', lastmodified: '2026-01-01'}", "encrypted by SOPS"),
    ("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization", "a file for kustomize, among plain manifests"),
  ]

  @Test(arguments: refused) func whatCannotBeAppliedIsNamedByFileAndLine(_ text: String, _ message: String) throws {
    let fault = #expect(throws: Fault.self) { try Release.drafts(["a.yaml": .text(text)]) }
    #expect(fault?.code == .refusedContent)
    #expect(fault?.description.contains(message) == true, "\(fault?.description ?? "")")
    #expect(fault?.remedy != nil)
  }

  @Test func aHookThatSaysHowItsNameBeginsHasOneOfTheReleasesOwn() throws {
    func names(_ value: String) throws -> [String] {
      let hook = "{generateName: migrate-, annotations: {argocd.argoproj.io/hook: PreSync}}"
      let job = "{apiVersion: batch/v1, kind: Job, metadata: \(hook), spec: {template: {spec: \(value)}}}"
      let drafts = try Release.drafts(["a.yaml": .text(job), "b.yaml": .text(job)])
      for draft in drafts {
        let metadata = try draft.source.root()["metadata"]
        #expect(metadata?["generateName"] == nil && metadata?["name"]?.text == draft.reference.name)
      }
      return drafts.map(\.reference.name)
    }
    let first = try names("{a: 1}")
    #expect(first[0].hasPrefix("migrate-") && first[0].utf8.count == 16 && first[1] == first[0] + "-2")
    #expect(try names("{a: 1}") == first)
    #expect(try names("{a: 2}")[0] != first[0])
    let long = GeneratedName(prefix: String(repeating: "a", count: 70) + "-", release: try #require(Self.digest))
    #expect(long.name(12).utf8.count == 63 && long.name(12).hasSuffix("abababab-12"))
  }

  private static let digest = ReleaseDigest(hex: String(repeating: "ab", count: 20))

  @Test func moreObjectsThanAllowedAreRefused() throws {
    let text = Array(repeating: Self.map, count: 4).joined(separator: "---\n")
    let fault = #expect(throws: Fault.self) {
      try Release.drafts(["a.yaml": .text(text)], limits: ManifestLimits(objects: 3))
    }
    #expect(fault?.code == .limit)
  }

  @Test func anObjectThatNoServerTakesIsRefused() throws {
    let big = Self.map + "data: {a: \(String(repeating: "x", count: 3 << 20))}\n"
    let fault = #expect(throws: Fault.self) { try Release.drafts(["a.yaml": .text(big)]) }
    #expect(fault?.code == .limit)
    #expect(fault?.place == "a.yaml:1")
  }

  @Test func textsOfASecretAreItsData() throws {
    let drafts = try Release.drafts([
      "a.yaml": """
      apiVersion: v1
      kind: Secret
      metadata: {name: a}
      stringData: {user: ann, word: new}
      data:
        word: b2xk
        long: |
          YWJj
          ZGVm
      """
    ])
    let root = try #require(drafts.first).source.root()
    #expect(root["stringData"] == nil)
    #expect(root["data"]?["user"]?.text == "YW5u")
    #expect(root["data"]?["word"]?.text == "bmV3")
    #expect(root["data"]?["long"]?.text == "YWJjZGVm")
  }
}
