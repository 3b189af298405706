import Processes

/// A real time-stamping authority on loopback: `openssl ts` behind HTTP (RFC 3161, 3.4), with a certificate of its own
/// authority.
public final class TimestampServer: Sendable {
  public let port: Int
  private let folder: TemporaryFolder
  private let process: ServerProcess

  public var url: String { "http://127.0.0.1:\(port)/tsr" }
  /// The certificate that its time-stamps lead to.
  public var authorities: String { folder["ca.pem"] }

  public init() async throws {
    folder = try TemporaryFolder("mooring-tsa")
    try await Self.makeKeys(in: folder)
    try folder.write(Self.configuration(in: folder), to: "tsa.cnf")
    try folder.write("01\n", to: "serial")
    process = try ServerProcess(["/usr/bin/python3", "-c", Self.script, folder.path])
    guard let port = Int(try await process.firstLine()) else {
      throw ToolFailure(what: "the time-stamping authority", output: "it says no port")
    }
    self.port = port
  }

  private static func makeKeys(in folder: TemporaryFolder) async throws {
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    try await openssl(
      ["req", "-x509", "-subj", "/CN=Test time"] + key + ["-days", "3650", "-keyout", folder["ca.key"]]
        + ["-out", folder["ca.pem"]])
    try folder.write("extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n", to: "tsa.ext")
    try await openssl(["req", "-subj", "/CN=tsa"] + key + ["-keyout", folder["tsa.key"], "-out", folder["tsa.csr"]])
    try await openssl(
      [
        "x509", "-req", "-in", folder["tsa.csr"], "-CA", folder["ca.pem"], "-CAkey", folder["ca.key"],
        "-CAcreateserial",
      ]
        + ["-days", "3650", "-extfile", folder["tsa.ext"], "-out", folder["tsa.pem"]])
  }

  private static func openssl(_ arguments: [String]) async throws {
    let outcome = try await run(Program(["openssl"] + arguments, timeLimit: .seconds(60)))
    guard outcome.succeeded else { throw ToolFailure(what: "openssl \(arguments[0])", output: outcome.output) }
  }

  private static func configuration(in folder: TemporaryFolder) -> String {
    """
    [tsa]
    default_tsa = one
    [one]
    serial = \(folder["serial"])
    signer_cert = \(folder["tsa.pem"])
    signer_key = \(folder["tsa.key"])
    signer_digest = sha256
    certs = \(folder["ca.pem"])
    default_policy = 1.2.3.4.1
    digests = sha256
    accuracy = secs:1
    ess_cert_id_alg = sha256

    """
  }

  private static let script = """
    import http.server, subprocess, sys
    folder = sys.argv[1]
    class Authority(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            asked = self.headers["content-type"] == "application/timestamp-query"
            open(folder + "/query", "wb").write(body)
            made = subprocess.run(["openssl", "ts", "-reply", "-config", folder + "/tsa.cnf", "-section", "one",
                "-queryfile", folder + "/query", "-out", folder + "/reply"], capture_output=True)
            reply = open(folder + "/reply", "rb").read() if asked and made.returncode == 0 else made.stderr
            self.send_response(200 if asked and made.returncode == 0 else 400)
            self.send_header("content-type", "application/timestamp-reply")
            self.send_header("content-length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)
        def log_message(self, *arguments): pass
    server = http.server.HTTPServer(("127.0.0.1", 0), Authority)
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """
}
