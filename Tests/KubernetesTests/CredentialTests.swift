import Documents
import FoundationEssentials
import MooringTestSupport
import NIOHTTP1
import Testing

@testable import Kubernetes

/// Credentials that change while they are used; plugins are real programs.
@Suite struct CredentialTests {
  private typealias Reply = ScriptedServer.Reply

  private static func exec(
    _ script: String, in folder: TemporaryFolder, version: String = "client.authentication.k8s.io/v1", more: String = ""
  ) throws -> ClusterAccess {
    try folder.write("#!/bin/sh\n\(script)\n", to: "plugin")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder["plugin"])
    let text = """
      current-context: a
      contexts: [{name: a, context: {cluster: a, user: a}}]
      clusters: [{name: a, cluster: {server: "https://h", certificate-authority-data: ""}}]
      users: [{name: a, user: {exec: {apiVersion: \(version), command: \(folder["plugin"]), args: [one], \(more)
        env: [{name: GREETING, value: hello}]}}}]
      """
    return try Kubeconfig(parsing: Array(text.utf8), file: folder["config"]).access(
      policy: AccessPolicy(execPrograms: [folder["plugin"]], execTimeLimit: .seconds(20)))
  }

  private static func credential(_ status: String, version: String = "client.authentication.k8s.io/v1") -> String {
    #"echo '{"kind":"ExecCredential","apiVersion":"\#(version)","status":\#(status)}'"#
  }

  @Test(arguments: ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"])
  func aPluginGivesAToken(_ version: String) async throws {
    let folder = try TemporaryFolder()
    let access = try Self.exec(Self.credential(#"{"token":"t1"}"#, version: version), in: folder, version: version)
    let source = CredentialSource(access.credentials, clock: ContinuousClock())
    #expect(try await source.current().authorization?.text == "Bearer t1")
  }

  @Test func aPluginIsToldOfTheClusterAndOfNothingElse() async throws {
    let folder = try TemporaryFolder()
    let script = #"printf '%s' "$KUBERNETES_EXEC_INFO" >"$(dirname "$0")/info"; env >"$(dirname "$0")/env""#
    let access = try Self.exec(
      "\(script)\n\(Self.credential(#"{"token":"t1"}"#))", in: folder, more: "provideClusterInfo: true,")
    _ = try await CredentialSource(access.credentials, clock: ContinuousClock()).current()
    let info = try node(folder.read("info"))
    #expect(info["kind"]?.text == "ExecCredential")
    #expect(info["spec"]?["cluster"]?["server"]?.text == "https://h")
    #expect(info["spec"]?["interactive"]?.scalar?.boolValue == false)
    let names = try folder.read("env").split(separator: "\n").map { $0.prefix { $0 != "=" } }
    #expect(
      Set(names).subtracting(["PATH", "HOME", "TZ", "LANG", "PWD", "_", "SHLVL"]) == [
        "GREETING", "KUBERNETES_EXEC_INFO",
      ])
  }

  @Test(arguments: [
    ("exit 3", "ended with status 3"), ("echo secret", "didn't print JSON"), ("echo '{}'", "ExecCredential of"),
    (Self.credential("{}"), "neither a token nor a certificate"), (Self.credential(#"{"token":"a b"}"#), "is no token"),
    (Self.credential(#"{"token":"a","expirationTimestamp":"soon"}"#), "no time of RFC 3339"),
    (Self.credential(#"{"clientCertificateData":"a"}"#), "without its key"),
    (Self.credential(#"{"token":"a"}"#, version: "client.authentication.k8s.io/v1beta1"), "ExecCredential of"),
  ])
  func aPluginThatFailsIsToldWithoutWhatItPrints(_ script: String, _ message: String) async throws {
    let folder = try TemporaryFolder()
    let access = try Self.exec(script, in: folder)
    let source = CredentialSource(access.credentials, clock: ContinuousClock())
    let error = await #expect(throws: KubernetesError.self) { try await source.current() }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("secret") == false)
  }

  @Test func aPluginIsAskedAgainWhenItsCredentialHasExpired() async throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "count")
    let script = #"""
      echo x >>"$(dirname "$0")/count"
      n=$(wc -l <"$(dirname "$0")/count")
      echo "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"t$n\",\"expirationTimestamp\":\"2026-01-01T00:00:0${n}Z\"}}"
      """#
    let access = try Self.exec(script, in: folder)
    let start = try Date.ISO8601FormatStyle().parse("2026-01-01T00:00:00Z")
    let clock = RecordingClock()
    let source = CredentialSource(access.credentials, clock: clock) {
      start.addingTimeInterval(clock.now.offset / .seconds(1))
    }
    #expect(try await source.current().authorization?.text == "Bearer t1")
    #expect(try await source.current().authorization?.text == "Bearer t1")
    clock.advance(by: .seconds(1))
    #expect(try await source.current().authorization?.text == "Bearer t2")
  }

  @Test func aTokenFileIsReadAgainAfterAMinute() async throws {
    let folder = try TemporaryFolder()
    try folder.write("t1\n", to: "token")
    let clock = RecordingClock()
    let places = CredentialPlaces(
      what: "a test", authorization: .tokenFile(CredentialFile(folder["token"], what: "the token")))
    let source = CredentialSource(places, clock: clock)
    #expect(try await source.current().authorization?.text == "Bearer t1")
    try folder.write("t2", to: "token")
    #expect(try await source.current().authorization?.text == "Bearer t1")
    clock.advance(by: .seconds(61))
    #expect(try await source.current().authorization?.text == "Bearer t2")
  }

  @Test func aTokenThatTheServerRefusesIsReadAgainAtOnce() async throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "token")
    try await ClientFixture.with(user: "{tokenFile: \(folder["token"])}") { question, _ in
      if let known = ClientFixture.discovery(question) { return known }
      return question.headers["authorization"] == ["Bearer new"]
        ? Reply(ClientFixture.object("a", version: 5)) : Reply(ClientFixture.status(401, "Unauthorized"), status: 401)
    } _: { fixture in
      // Nothing has changed: it is asked once.
      await #expect(throws: KubernetesError.self) { try await fixture.client.get(ClientFixture.reference("a")) }
      let before = fixture.server.questions.count
      try folder.write("new", to: "token")
      _ = try await fixture.client.get(ClientFixture.reference("a"))
      #expect(fixture.server.questions.count == before + 2)
    }
  }

  @Test func aPasswordIsShownAsOne() async throws {
    try await ClientFixture.with(user: "{username: ann, password: 'pass: word'}") { question, _ in
      ClientFixture.discovery(question) ?? Reply(ClientFixture.object("a", version: 5))
    } _: { fixture in
      _ = try await fixture.client.get(ClientFixture.reference("a"))
      let shown = Data("ann:pass: word".utf8).base64EncodedString()
      #expect(fixture.server.questions.last?.headers["authorization"] == ["Basic \(shown)"])
    }
  }

  @Test func aPodIsItsServiceAccount() async throws {
    let folder = try TemporaryFolder()
    let authority = try await TestAuthority()
    try folder.write(
      String(decoding: Data(contentsOf: URL(filePath: authority.authority)), as: UTF8.self), to: "ca.crt")
    try folder.write("token", to: "token")
    try folder.write("shop", to: "namespace")
    let environment = ["KUBERNETES_SERVICE_HOST": "::1", "KUBERNETES_SERVICE_PORT": "443"]
    let access = try ClusterAccess.inCluster(environment: environment, folder: folder.path)
    #expect(access.address == "https://[::1]:443")
    #expect(access.namespace == "shop")
    #expect(throws: KubernetesError.self) { try ClusterAccess.inCluster(environment: [:], folder: folder.path) }
  }

  @Test func errorsAboutFilesDoNotTellWhereTheyAre() {
    let file = CredentialFile("/secret/place", what: "the token")
    let error = #expect(throws: KubernetesError.self) { try file.read() }
    #expect(error?.description.contains("/secret") == false)
    #expect(!String(reflecting: file).contains("/secret"))
  }
}
