import Documents
import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Against a real API server with a real admission webhook.
@Suite("Admission webhooks", .inTurn) struct AdmissionTests {
  /// A site whose ConfigMaps are judged, once the API server has learnt of that.
  private func judged(
    _ failurePolicy: String, check: Bool = true, _ body: (LiveEnvironment) async throws -> Void
  ) async throws {
    let webhook = try await AdmissionWebhook()
    let site = try await LiveEnvironment { $0.check = check }
    try await site.kubectl("label", "namespace", site.namespace, "judged=\(site.namespace)")
    let configuration = try webhook.configuration(site.namespace, failurePolicy: failurePolicy)
    try await site.kubectl("create", "-f", "-", input: configuration)
    do {
      var isDenied = false
      while !isDenied {
        do { try await site.kubectl("create", "configmap", "denied-at-first", "--dry-run=server") } catch is ToolFailure
        {
          isDenied = true
        }
      }
      try await body(site)
    } catch {
      try await site.kubectl("delete", "validatingwebhookconfiguration", site.namespace)
      throw error
    }
    try await site.kubectl("delete", "validatingwebhookconfiguration", site.namespace)
  }

  @Test func whatOneDeniesIsToldInItsOwnWordsAndNothingChanges() async throws {
    try await judged("Fail") { site in
      let fault = try await site.refusal(of: Samples.all(Samples.map("a"), Samples.map("denied")))
      #expect(fault?.place == "all.yaml:3")
      #expect(fault?.what.contains("judge.example.com") == true, "\(String(describing: fault))")
      #expect(fault?.what.contains("no deployments on Fridays") == true, "\(String(describing: fault))")
      #expect(try await site.get("ConfigMap", "a") == nil, "it was asked before anything was applied")
      #expect(try await site.target.observe().deployed == nil)
      try await site.deploy(Samples.map("a"))
    }
  }

  @Test func oneThatHangsEndsTheDeploymentWithItsNameAndNothingIsForgotten() async throws {
    try await judged("Fail", check: false) { site in
      let release = Samples.all(Samples.map("a"), Samples.map("slow"))
      let fault = try await site.refusal(of: release)
      #expect(fault?.what.contains("judge.example.com") == true, "\(String(describing: fault))")
      #expect(fault?.remedy?.contains("webhook") == true, "\(String(describing: fault))")
      // What was applied before it is in the inventory, and goes with the next release.
      #expect(try await site.get("ConfigMap", "a") != nil)
      try await site.deploy(Samples.map("b"), isRollback: true)
      #expect(try await site.get("ConfigMap", "a") == nil)
      #expect(try await site.drift(from: site.contents(Samples.map("b"))) == [])
    }
  }

  @Test func oneThatHangsAndMayBePassedOverOnlyTakesTime() async throws {
    try await judged("Ignore") { site in
      try await site.deploy(Samples.all(Samples.map("a"), Samples.map("slow")))
      #expect(try await site.get("ConfigMap", "slow") != nil)
    }
  }
}
