import Foundation
import MooringTestSupport
import Processes

/// A machine whose production is a namespace of a cluster, and a cluster that tells it who changes what.
struct AuditSite: Sendable {
  static let token = "a token of an API server's"

  let machine: Machine
  let plane: ControlPlane
  let namespace: String
  let folder: TemporaryFolder
  private let authority: TestAuthority
  private let port: Int

  /// - Parameters:
  ///   - files: Below `app/`.
  ///   - isTold: Whether the API server tells of anything.
  init(_ files: [String: String?], isTold: Bool = true) async throws {
    folder = try TemporaryFolder("mooring-audit")
    authority = try await TestAuthority()
    port = try FreePort.find()
    try folder.write(Self.token, to: "token")
    // Over HTTP an API server would not show its token.
    try folder.write(
      """
      apiVersion: v1
      kind: Config
      current-context: mooring
      clusters:
      - name: mooring
        cluster:
          server: https://127.0.0.1:\(port)/webhooks/audit
          certificate-authority: \(authority.authority)
      users: [ { name: apiserver, user: { token: "\(Self.token)" } } ]
      contexts: [ { name: mooring, context: { cluster: mooring, user: apiserver } } ]
      """, to: "webhook.yaml")
    var options = ControlPlane.Options()
    if isTold { options.auditWebhook = folder["webhook.yaml"] }
    plane = try await ControlPlane(options)
    namespace = try await plane.freshNamespace("audited")
    machine = try Machine(files)
    let tls = "{ certificate: \(authority.serverCertificate), key: \(authority.serverKey) }"
    try machine.configure(
      kubernetes: ["kubeconfig: \(plane.kubeconfig)", "namespace: \(namespace)", "readyWithin: 30s"],
      environment: ["drift: { settle: 250ms }"],
      journal: """
        { push: true }
        identities: { "ann@example.com": "Ann Lee <ann@example.com>", admin: "Ann Lee <ann@example.com>" }
        server: { listen: "127.0.0.1:\(port)", tls: \(tls), audit: [ { tokenFile: \(folder["token"]) } ] }
        """)
  }

  @discardableResult
  func kubectl(_ arguments: String..., adding more: [String: String] = [:]) async throws -> String {
    let arguments = ["kubectl", "--namespace", namespace] + arguments
    let program = Program(
      arguments, environment: plane.environment.merging(more) { $1 }, timeLimit: .seconds(60))
    let lines = LineCollector()
    let outcome = try await run(program, input: []) { lines.append($0) }
    guard outcome.succeeded else { throw ToolFailure(what: arguments.joined(separator: " "), output: outcome.output) }
    return lines.text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Tells of an event as an API server does.
  func post(_ event: String) async throws {
    try folder.write(RecordedAudit.batch(event), to: "batch")
    let program = Program(
      [
        "curl", "--silent", "--fail", "--cacert", authority.authority, "--header",
        "Authorization: Bearer \(Self.token)",
        "--data-binary", "@\(folder["batch"])", "https://127.0.0.1:\(port)/webhooks/audit",
      ], timeLimit: .seconds(30))
    let outcome = try await run(program)
    guard outcome.succeeded else { throw ToolFailure(what: "curl", output: outcome.output) }
  }

  /// A program that `kubectl edit` calls, which replaces a text.
  func editor(replacing old: String, with new: String) throws -> [String: String] {
    try folder.write("#!/bin/sh\nsed -i 's/\(old)/\(new)/' \"$1\"\n", to: "editor")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder["editor"])
    return ["KUBE_EDITOR": folder["editor"]]
  }

  /// The token of an account that may do everything in the namespace.
  func accountToken(_ name: String) async throws -> String {
    try await kubectl("create", "serviceaccount", name)
    try await kubectl("create", "rolebinding", name, "--clusterrole=admin", "--serviceaccount=\(namespace):\(name)")
    try await kubectl("wait", "--for=jsonpath={.secrets[0].name}", "serviceaccount/\(name)", "--timeout", "60s")
    let secret = try await kubectl("get", "serviceaccount", name, "--output", "jsonpath={.secrets[0].name}")
    let encoded = try await kubectl("get", "secret", secret, "--output", "jsonpath={.data.token}")
    return String(decoding: Data(base64Encoded: encoded) ?? Data(), as: UTF8.self)
  }
}
