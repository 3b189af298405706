import Foundation
import MooringTestSupport

/// An admission webhook in a process of its own: it denies ConfigMaps whose name begins with `denied`, lets those whose name
/// begins with `slow` wait for ever, and allows everything else.
struct AdmissionWebhook {
  private let authority: TestAuthority
  private let process: ServerProcess
  private let port: String

  init() async throws {
    authority = try await TestAuthority()
    process = try ServerProcess([
      "/usr/bin/python3", "-c", Self.script, authority.serverCertificate, authority.serverKey,
    ])
    port = try await process.firstLine().trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// What has it asked about the ConfigMaps of a namespace with the label `judged`.
  func configuration(_ name: String, failurePolicy: String) throws -> String {
    let bundle = try Data(contentsOf: URL(filePath: authority.authority)).base64EncodedString()
    return """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingWebhookConfiguration
      metadata: {name: \(name)}
      webhooks:
        - name: judge.example.com
          admissionReviewVersions: [v1]
          sideEffects: None
          timeoutSeconds: 1
          failurePolicy: \(failurePolicy)
          clientConfig: {url: "https://127.0.0.1:\(port)/judge", caBundle: "\(bundle)"}
          namespaceSelector: {matchLabels: {judged: "\(name)"}}
          rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}]
      """
  }

  private static let script = #"""
    import http.server, json, ssl, sys, threading
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        def log_message(self, *a): pass
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["request"]
            if asked["name"].startswith("slow"): threading.Event().wait()
            answer = {"uid": asked["uid"], "allowed": not asked["name"].startswith("denied"),
                      "status": {"code": 403, "message": "no deployments on Fridays"}}
            body = json.dumps({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": answer}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """#
}
