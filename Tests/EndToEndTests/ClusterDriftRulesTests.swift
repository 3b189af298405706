import Foundation
import MooringTestSupport
import Testing

/// What the operator, the release and people say about drift in a cluster: what is ignored, and what is put back by itself.
@Suite(.inTurn, .timeLimit(.minutes(30))) struct ClusterDriftRulesTests {
  private func map(_ name: String, size: String, more: String? = nil) -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \(name)}\ndata:\n  size: \"\(size)\"\n"
      + (more.map { "  more: \"\($0)\"\n" } ?? "")
  }

  private func patch(_ site: ClusterSite, _ name: String, _ data: String, by manager: String = "kubectl-patch")
    async throws
  {
    try await site.kubectl(
      "patch", "configmap/\(name)", "--type", "merge", "--patch", "{\"data\": \(data)}", "--field-manager", manager)
  }

  private func data(_ site: ClusterSite, _ name: String) async throws -> String {
    let (size, more) = (
      try await site.live("configmap/\(name)", ".data.size"), try await site.live("configmap/\(name)", ".data.more")
    )
    return "\(size) \(more)"
  }

  @Test func whatIsIgnoredIsNeitherToldNorGoneOverByWhicheverWord() async throws {
    let site = try await ClusterSite(
      [
        ".mooringignore": "configmap/*/by-file\n", "rule.yaml": map("by-rule", size: "1"),
        "file.yaml": map("by-file", size: "1"), "word.yaml": map("by-word", size: "1"),
      ], environment: ["drift: { ignore: [\"configmap/*/by-rule:data.size\"] }"])
    let machine = site.machine
    try await machine.mooring(["sync", "production"]).expect(0)
    for name in ["by-rule", "by-file"] { try await patch(site, name, #"{"size": "9"}"#) }
    try await machine.mooring(["drift", "production"]).expect(0)
    try await patch(site, "by-word", #"{"size": "9"}"#)
    let object = "configmap/\(site.namespace)/by-word"
    let told = try await machine.mooring(["drift", "production"]).expect(2)
    #expect(told.output.contains("\(object) by") && !told.output.contains("by-rule"), "\(told)")
    try await machine.mooring(["drift", "production", "--ignore", "\(object):data.size"]).expect(0)
    try await machine.mooring(["drift", "production"]).expect(0)
    try await machine.mooring(["plan", "production"]).expect(0)

    // A deployment isn't stopped by it, and leaves it.
    try machine.push([
      "rule.yaml": map("by-rule", size: "2", more: "2"), "file.yaml": map("by-file", size: "2", more: "2"),
      "word.yaml": map("by-word", size: "2", more: "2"),
    ])
    try await machine.mooring(["sync", "production"]).expect(0)
    for name in ["by-rule", "by-file", "by-word"] { #expect(try await data(site, name) == "9 2", "\(name)") }

    // Neither does a heal, nor a rollback.
    for name in ["by-rule", "by-word"] { try await patch(site, name, #"{"more": "7"}"#) }
    let beside = try await machine.mooring(["drift", "production"]).expect(2)
    #expect(beside.output.contains("data.more") && !beside.output.contains("data.size"), "\(beside)")
    try await machine.mooring(["drift", "production", "--heal"]).expect(0)
    for name in ["by-rule", "by-word"] { #expect(try await data(site, name) == "9 2", "\(name)") }
    try await machine.mooring(["rollback", "production", "--reason", "it is bad", "--yes"]).expect(0)
    for name in ["by-rule", "by-file", "by-word"] { #expect(try await data(site, name) == "9 ", "\(name)") }

    // When the word is taken back it is ours again.
    try await machine.mooring(["drift", "production", "--unignore", "\(object):data.size"])
    let again = try await machine.mooring(["drift", "production"]).expect(2)
    #expect(again.output.contains("data.size: \"1\" → \"9\""), "\(again)")
    try await machine.mooring(["drift", "production", "--heal"]).expect(0)
    #expect(try await data(site, "by-word") == "1 ")
  }

  @Test func aWordWithAnEndIsOverThen() async throws {
    let site = try await ClusterSite(["settings.yaml": map("settings", size: "1")])
    let machine = site.machine
    try await machine.mooring(["sync", "production"]).expect(0)
    try await patch(site, "settings", #"{"size": "9"}"#)
    let until = Date().addingTimeInterval(20).formatted(.iso8601)
    let field = "configmap/\(site.namespace)/settings:data.size"
    try await machine.mooring(["drift", "production", "--ignore", field, "--until", until]).expect(0)
    try await machine.mooring(["drift", "production"]).expect(0)
    try await machine.until("it is judged again", within: .seconds(60)) {
      try await machine.mooring(["drift", "production"]).status == 2
    }
    #expect(Date().addingTimeInterval(0.5).formatted(.iso8601) >= until)
    try await machine.mooring(["drift", "production", "--heal"]).expect(0)
    #expect(try await data(site, "settings") == "1 ")
  }

  @Test func whatAConfiguredManagerWritesIsNeitherToldNorGoneOver() async throws {
    let site = try await ClusterSite(
      ["settings.yaml": map("settings", size: "1")], target: ["readyWithin: 30s", "ignoreManagers: [sizer]"])
    let machine = site.machine
    try await machine.mooring(["sync", "production"]).expect(0)
    try await patch(site, "settings", #"{"size": "9", "added": "9"}"#, by: "sizer")
    try await machine.mooring(["drift", "production"]).expect(0)
    try machine.push(["settings.yaml": map("settings", size: "2", more: "2")])
    try await machine.mooring(["sync", "production"]).expect(0)
    #expect(try await data(site, "settings") == "9 2")
    try await patch(site, "settings", #"{"more": "7"}"#)
    try await machine.mooring(["drift", "production"]).expect(2)
    try await machine.mooring(["drift", "production", "--heal"]).expect(0)
    #expect(try await data(site, "settings") == "9 2")
    #expect(try await site.live("configmap/settings", ".data.added") == "9")
    // Another's hand is told, and put back.
    try await patch(site, "settings", #"{"size": "8"}"#)
    try await machine.mooring(["drift", "production"]).expect(2)
    try await machine.mooring(["drift", "production", "--heal"]).expect(0)
    #expect(try await data(site, "settings") == "2 2")
  }

  @Test func oneFieldIsPutBackAndTheOthersStay() async throws {
    let site = try await ClusterSite(["settings.yaml": map("settings", size: "1", more: "1")])
    let machine = site.machine
    try await machine.mooring(["sync", "production"]).expect(0)
    try await patch(site, "settings", #"{"size": "9", "more": "9", "added": "9"}"#)
    let object = "configmap/\(site.namespace)/settings"
    try await machine.mooring(["drift", "production", "--heal", "--only", "\(object):data.more"]).expect(0)
    #expect(try await data(site, "settings") == "9 1")
    let left = try await machine.mooring(["drift", "production"]).expect(2)
    #expect(left.output.contains("data.size: \"1\" → \"9\"") && left.output.contains("data.added"), "\(left)")
    #expect(!left.output.contains("data.more"), "\(left)")
    try await machine.mooring(["drift", "production", "--heal", "--only", "\(object):data.added"]).expect(0)
    #expect(try await site.live("configmap/settings", ".data.added") == "")
    let same = try await machine.mooring(["drift", "production", "--heal", "--only", "\(object):data.more"]).expect(1)
    #expect(same.errors.contains("it is live as it was deployed"), "\(same)")
    let story = try await machine.story()
    #expect(story.contains("data.more"), "\(story)")
  }

  @Test func whySomethingIsDriftOrIsNotIsSaidByObjectAndField() async throws {
    let site = try await ClusterSite(
      ["settings.yaml": map("settings", size: "1", more: "1")],
      environment: ["drift: { ignore: [\"configmap/*/settings:data.more\"] }"])
    let machine = site.machine
    try await machine.mooring(["sync", "production"]).expect(0)
    let object = "configmap/\(site.namespace)/settings"
    func explained(_ what: String) async throws -> String {
      try await machine.mooring(["drift", "production", "--explain", what]).expect(0).output
    }
    let clean = try await explained(object)
    #expect(clean.contains("it belongs to the release: settings.yaml:1"), "\(clean)")
    #expect(clean.contains("it doesn't differ, so it is no drift"), "\(clean)")
    #expect(clean.contains("its field data.more is ignored by the configuration"), "\(clean)")
    try await patch(site, "settings", #"{"size": "9", "more": "9"}"#, by: "kubectl-edit")
    let changed = try await explained(object)
    #expect(changed.contains("its field data.size is drift: it differs, and kubectl-edit has set it"), "\(changed)")
    try await patch(site, "settings", #"{"size": "8"}"#, by: "kube-controller-manager")
    let field = try await explained("\(object):data.size")
    #expect(field.contains("its field data.size is no drift: kube-controller-manager has set it"), "\(field)")
    #expect(!field.contains("its field data.more is drift"), "\(field)")
    let own = try await explained("configmap/\(site.namespace)/kube-root-ca.crt")
    #expect(own.contains("the release has nothing there"), "\(own)")
    #expect(own.contains("it is no drift: the cluster makes one in each namespace"), "\(own)")
    let kind = try await explained("service/\(site.namespace)/web")
    #expect(kind.contains("it has no objects of that kind at all"), "\(kind)")
  }
}
