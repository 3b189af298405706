import Documents
import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Against a real control plane: objects that nothing in Git and no owner explains.
@Suite("Objects that nothing explains", .inTurn) struct StrangerTests {
  /// As somebody does who takes an object, gives it another name and applies it.
  private func copy(_ name: String, as other: String, _ site: LiveEnvironment) async throws {
    let text = try await site.kubectl("get", "configmap", name, "--output", "json")
    let copy = text.replacing("\"name\": \"\(name)\"", with: "\"name\": \"\(other)\"")
      .replacing(/"(uid|resourceVersion|creationTimestamp)": "[^"]*",?/, with: "")
    try await site.kubectl("apply", "--validate=false", "-f", "-", input: copy.replacing(/,\s*}/, with: "}"))
  }

  @Test func aCopyOfAnObjectIsToldThoughItCarriesTheLabel() async throws {
    let site = try await LiveEnvironment()
    let release = try site.contents(Samples.all(Samples.map("a"), Samples.service()))
    try await site.deploy(release)
    try await copy("a", as: "copy", site)
    let label = try await site.get("ConfigMap", "copy")?.label(ManagedObject.label)
    #expect(label == site.namespace)
    #expect(try await site.drift(from: release) == ["configmap/copy added"])
    let name = ObjectName(site.reference("ConfigMap", "copy"))
    #expect(try await site.drift(from: release, .objects([name])) == ["configmap/copy added"])
    let report = try await site.target.differences(from: release, in: .everything, LookRules())
    #expect(report.differences.first?.by?.program == "kubectl-client-side-apply")
    // The same while everything is watched.
    let watch = try await site.target.watch(LookRules())
    #expect(try await site.drift(from: release) == ["configmap/copy added"])
    #expect(try await site.drift(from: release, .objects([name])) == ["configmap/copy added"])
    let summary = try await site.heal(release)
    #expect(summary.contains("configmap/\(site.namespace)/copy stays"), "\(summary)")
    // A kind of which the release has nothing isn't looked for, and what it has is as before.
    try await site.client.delete(site.reference("ConfigMap", "copy"))
    for await change in watch.changes where change.object == name {
      if try await site.get("ConfigMap", "copy") == nil { break }
    }
    #expect(try await site.drift(from: release) == [])
  }

  @Test func whatDeploymentsLeftOnPurposeIsExplained() async throws {
    let site = try await LiveEnvironment()
    let kept = Samples.map("kept", "{x: '1'}", "{mooring.dev/prune: disabled}")
    let hook = Samples.map("hook", "{x: '1'}", "{mooring.dev/hook: before}")
    try await site.deploy(Samples.all(Samples.map("a"), kept, hook))
    let release = try site.contents(Samples.map("a"))
    try await site.deploy(release)
    for name in ["kept", "hook"] { #expect(try await site.get("ConfigMap", name) != nil) }
    #expect(try await site.drift(from: release) == [])
    let watch = try await site.target.watch(LookRules())
    #expect(try await site.drift(from: release) == [])
    // A copy of a hook is none of ours.
    try await copy("hook", as: "copy", site)
    let name = ObjectName(site.reference("ConfigMap", "copy"))
    for await change in watch.changes where change.object == name { break }
    #expect(try await site.drift(from: release) == ["configmap/copy added"])
  }

  @Test func whatIsLeftBehindADeletedInventoryIsTold() async throws {
    let site = try await LiveEnvironment()
    try await site.deploy(Samples.all(Samples.map("a"), Samples.map("b")))
    try await site.kubectl("delete", "configmap", "mooring-\(site.namespace)")
    let release = try site.contents(Samples.map("a"))
    try await site.deploy(release)
    #expect(try await site.get("ConfigMap", "b") != nil)
    #expect(try await site.drift(from: release) == ["configmap/b added"])
  }
}
