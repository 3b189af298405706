import Documents
import Kubernetes
import MooringModel
import MooringTestSupport
import Processes
import Testing

@testable import KubernetesTarget

/// Against a real API server: credentials that don't hold any more.
@Suite("Credentials that end", .inTurn) struct RevokedTests {
  @Test func aTokenThatIsRevokedInTheMiddleIsToldAndWhatIsLeftIsDoneWithAnother() async throws {
    let site = try await LiveEnvironment { $0.check = false }
    let account = try await ServiceAccountConfig(
      of: site, "[{apiGroups: [''], resources: [configmaps], verbs: ['*']}]")
    let theirs = try await LiveEnvironment(namespace: site.namespace, kubeconfig: account.kubeconfig) {
      $0.check = false
    }
    try await theirs.deploy(Samples.map("a"))
    try await site.kubectl("delete", "secret", account.secret)
    // The server remembers for some seconds that it was valid.
    var fault: Fault?
    var round = 0
    let end = ContinuousClock.now + .seconds(60)
    while fault == nil, ContinuousClock.now < end {
      round += 1
      let maps = [Samples.map("a")] + (0..<50).map { Samples.map("m\($0)", "{x: '\(round)'}") }
      fault = try await theirs.refusal(of: maps.joined(separator: "---\n"), overwriting: true)
    }
    #expect(fault?.code == .target, "\(String(describing: fault))")
    #expect(fault?.remedy?.contains("credentials") == true, "\(String(describing: fault))")
    #expect(fault?.description.contains(account.token) == false)
    // Somebody with other credentials goes on from the same inventory: nothing that was applied is forgotten.
    try await site.deploy(Samples.map("last"), isRollback: true)
    let left = try await site.kubectl("get", "configmaps", "--selector", "mooring.dev/environment", "--output", "name")
    #expect(left == "configmap/last\n")
  }

  @Test func aCertificateThatHasExpiredIsSaidToBeRefused() async throws {
    let site = try await LiveEnvironment()
    let folder = try TemporaryFolder("expired")
    func openssl(_ arguments: String...) async throws {
      let outcome = try await run(Program(["openssl"] + arguments, timeLimit: .seconds(60)))
      guard outcome.succeeded else { throw ToolFailure(what: "openssl", output: outcome.output) }
    }
    try await openssl(
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/O=system:masters/CN=late",
      "-keyout", folder["key"], "-out", folder["request"])
    // It ends a day before it begins.
    try await openssl(
      "x509", "-req", "-in", folder["request"], "-CA", site.plane.authority, "-CAkey", site.plane.authorityKey,
      "-CAserial", folder["serial"], "-CAcreateserial", "-days", "-1", "-out", folder["certificate"])
    try folder.write(
      """
      current-context: a
      contexts: [{name: a, context: {cluster: a, user: a}}]
      clusters: [{name: a, cluster: {server: "\(site.plane.url)", certificate-authority: "\(site.plane.authority)"}}]
      users: [{name: a, user: {client-certificate: "\(folder["certificate"])", client-key: "\(folder["key"])"}}]

      """, to: "config")
    let late = try await LiveEnvironment(namespace: site.namespace, kubeconfig: folder["config"])
    let fault = try await late.refusal(of: Samples.map("a"))
    #expect(fault?.code == .target, "\(String(describing: fault))")
    #expect(fault?.remedy?.contains("credentials are still valid") == true, "\(String(describing: fault))")
    #expect(try await site.get("ConfigMap", "a") == nil)
  }

  @Test func aTokenThatRotatesIsReadAnew() async throws {
    let site = try await LiveEnvironment()
    let folder = try TemporaryFolder("rotated")
    try folder.write("of-before", to: "token")
    try folder.write(
      """
      current-context: a
      contexts: [{name: a, context: {cluster: a, user: a}}]
      clusters: [{name: a, cluster: {server: "\(site.plane.url)", certificate-authority: "\(site.plane.authority)"}}]
      users: [{name: a, user: {tokenFile: "\(folder["token"])"}}]

      """, to: "config")
    let rotating = try await LiveEnvironment(namespace: site.namespace, kubeconfig: folder["config"])
    let fault = try await rotating.refusal(of: Samples.map("a"))
    #expect(fault?.remedy?.contains("credentials") == true, "\(String(describing: fault))")
    try folder.write(site.plane.token, to: "token")
    try await rotating.deploy(Samples.map("a"))
    #expect(try await site.get("ConfigMap", "a") != nil)
  }

  @Test func aPluginIsAskedForTheToken() async throws {
    let site = try await LiveEnvironment()
    let folder = try TemporaryFolder("plugin")
    try folder.write(
      """
      #!/bin/sh
      echo asked >>\(folder["asked"])
      echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"\(site.plane.token)"}}'

      """, to: "plugin")
    let outcome = try await run(Program(["chmod", "+x", folder["plugin"]], timeLimit: .seconds(10)))
    #expect(outcome.succeeded)
    try folder.write(
      """
      current-context: a
      contexts: [{name: a, context: {cluster: a, user: a}}]
      clusters: [{name: a, cluster: {server: "\(site.plane.url)", certificate-authority: "\(site.plane.authority)"}}]
      users: [{name: a, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: "\(folder["plugin"])"}}}]

      """, to: "config")
    let plugged = try await LiveEnvironment(namespace: site.namespace, kubeconfig: folder["config"]) {
      $0.execPlugins = [folder["plugin"]]
    }
    try await plugged.deploy(Samples.map("a"))
    try await plugged.deploy(Samples.map("a", "{x: '2'}"))
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["x"]?.text == "2")
    #expect(try folder.read("asked") == "asked\n", "once for all requests")
  }
}
