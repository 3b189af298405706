import Foundation
import MooringTestSupport

/// An admission webhook in a process of its own: it denies ConfigMaps whose name begins with `denied`, lets those whose name
/// begins with `slow` wait for ever, and allows everything else. Asked to change objects, it takes images from a mirror, as
/// many clusters do: `r/web:1` becomes `mirror/r/web:1`.
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

  /// What has it change the ConfigMaps and Deployments of a namespace with the label `judged`.
  func mutation(_ name: String) throws -> String {
    let bundle = try Data(contentsOf: URL(filePath: authority.authority)).base64EncodedString()
    return """
      apiVersion: admissionregistration.k8s.io/v1
      kind: MutatingWebhookConfiguration
      metadata: {name: \(name)}
      webhooks:
        - name: mirror.example.com
          admissionReviewVersions: [v1]
          sideEffects: None
          timeoutSeconds: 10
          failurePolicy: Fail
          clientConfig: {url: "https://127.0.0.1:\(port)/mirror", caBundle: "\(bundle)"}
          namespaceSelector: {matchLabels: {judged: "\(name)"}}
          rules:
            - {apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}
            - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}
      """
  }

  private static let script = #"""
    import base64, http.server, json, ssl, sys, threading
    def images(object):
        if object["kind"] == "ConfigMap":
            if "image" in object.get("data", {}): yield "/data/image", object["data"]["image"]
        else:
            for index, container in enumerate(object["spec"]["template"]["spec"]["containers"]):
                yield "/spec/template/spec/containers/%d/image" % index, container["image"]
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        def log_message(self, *a): pass
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["request"]
            if asked["name"].startswith("slow"): threading.Event().wait()
            answer = {"uid": asked["uid"], "allowed": not asked["name"].startswith("denied"),
                      "status": {"code": 403, "message": "no deployments on Fridays"}}
            if self.path.startswith("/mirror"):
                steps = [{"op": "replace", "path": path, "value": "mirror/" + image}
                         for path, image in images(asked["object"]) if image.startswith("r/")]
                answer = {"uid": asked["uid"], "allowed": True, "patchType": "JSONPatch",
                          "patch": base64.b64encode(json.dumps(steps).encode()).decode()}
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
