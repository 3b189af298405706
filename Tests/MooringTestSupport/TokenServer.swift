/// A server of tokens for a registry: signed by a key of its own, for whoever may have them, as
/// [Docker's specification](https://distribution.github.io/distribution/spec/auth/token/) says.
///
/// Anybody may pull below `public/`; everything else takes `mooring` with the password `s3cret`.
public final class TokenServer: Sendable {
  public let host: String
  /// Whom a registry has to trust.
  public let certificate: String
  public var realm: String { "http://\(host)/token" }
  private let folder: TemporaryFolder
  private let process: ServerProcess

  public init() async throws {
    folder = try TemporaryFolder("mooring-tokens")
    certificate = folder["tokens.pem"]
    try folder.write("", to: "log")
    process = try ServerProcess(["/usr/bin/python3", "-c", Self.script, folder[""]])
    host = "127.0.0.1:" + (try await process.firstLine())
  }

  /// What was asked: a line each, the scope, and `-` or the credentials that came along.
  public var requests: [String] {
    get throws { try folder.read("log").split(separator: "\n").map(String.init) }
  }

  private static let script = #"""
    import base64, http.server, json, os, subprocess, sys, time, urllib.parse
    folder = sys.argv[1]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=tokens", "-days", "2",
                    "-keyout", folder + "/tokens.key", "-out", folder + "/tokens.pem"], check=True,
                   stderr=subprocess.DEVNULL)
    lines = open(folder + "/tokens.pem").read().split("\n")
    chain = "".join(line for line in lines if line and "-----" not in line)

    def part(value):
        value = value if isinstance(value, bytes) else json.dumps(value).encode()
        return base64.urlsafe_b64encode(value).rstrip(b"=")

    def token(service, scope):
        kind, rest = scope.split(":", 1)
        name, actions = rest.rsplit(":", 1)
        now = int(time.time())
        claims = {"iss": "tokens", "sub": "", "aud": service, "exp": now + 300, "nbf": now - 10, "iat": now, "jti": str(now),
                  "access": [{"type": kind, "name": name, "actions": actions.split(",")}]}
        text = part({"typ": "JWT", "alg": "RS256", "x5c": [chain]}) + b"." + part(claims)
        signed = subprocess.run(["openssl", "dgst", "-sha256", "-sign", folder + "/tokens.key"], input=text,
                                stdout=subprocess.PIPE, check=True).stdout
        return (text + b"." + part(signed)).decode()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)
            scope, given = query["scope"][0], self.headers.get("authorization", "")
            user = base64.b64decode(given[6:]).decode() if given.startswith("Basic ") else "-"
            with open(folder + "/log", "a") as log:
                log.write(f"{scope} {user}\n")
            may = scope.startswith("repository:public/") or user == "mooring:s3cret"
            body = json.dumps({"token": token(query["service"][0], scope), "expires_in": 300} if may else {}).encode()
            self.send_response(200 if may else 401)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        def log_message(self, *_):
            pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """#
}
