/// A small HTTP server for tests: the real `git http-backend` below `/git/`, and ways to misbehave elsewhere.
enum HTTPServerScript {
  static let text = #"""
    import base64, http.server, json, os, socket, ssl, subprocess, sys, threading, time
    o = json.loads(sys.argv[1])

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        def log_message(self, *a): pass
        def note(self):
            with open(o["log"], "a") as f:
                f.write(json.dumps([self.command, self.path, dict((k.lower(), v) for k, v in self.headers.items())]) + "\n")
        def say(self, code, body=b"", type="text/plain", **headers):
            self.send_response(code)
            self.send_header("Content-Type", type)
            self.send_header("Content-Length", str(len(body)))
            for k, v in headers.items(): self.send_header(k.replace("_", "-"), v)
            self.end_headers()
            self.wfile.write(body)
        def body(self):
            if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
                parts = []
                while True:
                    n = int(self.rfile.readline().split(b";")[0], 16)
                    parts.append(self.rfile.read(n)); self.rfile.readline()
                    if n == 0: return b"".join(parts)
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        def answer(self):
            self.note()
            path, _, query = self.path.partition("?")
            data = self.body() if self.command == "POST" else b""
            way = path.split("/")[1]
            want = o.get("authorization")
            if way == "git" and want and self.headers.get("Authorization") != want:
                return self.say(401, b"who are you?\nsecond line", WWW_Authenticate="Basic realm=x")
            if way in ("git", "late-stall"): return self.git(path, query, data)
            if way == "moved": return self.say(301, Location=self.path.replace("/moved/", "/git/", 1))
            if way == "away": return self.say(302, Location=o["other"] + self.path.replace("/away/", "/git/", 1))
            if way == "loop": return self.say(302, Location=self.path)
            if way == "nowhere": return self.say(302, Location="/login")
            if way == "html": return self.say(200, b"<html>Log in</html>", type="text/html")
            if way == "status": return self.say(int(path.split("/")[2]), b"the host says why\n")
            if way == "garbage": return self.say(200, b"\x00\xff" * 100, type="application/x-git-upload-pack-advertisement")
            if way == "raw": self.wfile.write(b"garbage\r\n\r\n"); self.close_connection = True; return
            if way == "silent": self.hang(); return
            if way == "cut":
                self.start(1000); self.wfile.write(b"001e# service=git-"); self.close_connection = True; return
            if way == "stops":
                self.start(1000); self.wfile.write(b"x" * 100); self.wfile.flush(); self.hang(); return
            if way == "trickles":
                self.start(30)
                for _ in range(30): self.wfile.write(b"x"); self.wfile.flush(); time.sleep(0.1)
                return
            self.say(404, b"no such thing\n")
        do_GET = do_POST = answer
        def start(self, length):
            self.send_response(200)
            self.send_header("Content-Type", "application/x-git-upload-pack-advertisement")
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.flush()
        def hang(self):
            self.connection.settimeout(None)
            try:
                while self.connection.recv(1): pass
            except OSError: pass
            self.close_connection = True
        def git(self, path, query, data):
            env = {"PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": o["root"], "GIT_HTTP_EXPORT_ALL": "1",
                   "PATH_INFO": path[len("/git"):], "QUERY_STRING": query, "REQUEST_METHOD": self.command,
                   "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(data)),
                   "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""), "REMOTE_USER": "tester",
                   "REMOTE_ADDR": "127.0.0.1", "GIT_CONFIG_COUNT": "2", "GIT_CONFIG_KEY_0": "http.receivepack",
                   "GIT_CONFIG_VALUE_0": "true", "GIT_CONFIG_KEY_1": "safe.directory", "GIT_CONFIG_VALUE_1": "*"}
            done = subprocess.run(["git", "http-backend"], input=data, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            head, _, rest = done.stdout.partition(b"\r\n\r\n")
            code, headers = 200, []
            for line in head.decode("latin-1").split("\r\n"):
                k, _, v = line.partition(": ")
                if k == "Status": code = int(v.split()[0])
                elif k: headers.append((k, v))
            self.send_response(code)
            for k, v in headers: self.send_header(k, v)
            self.send_header("Content-Length", str(len(rest)))
            self.end_headers()
            self.wfile.write(rest)

    class Proxy(http.server.BaseHTTPRequestHandler):
        def log_message(self, *a): pass
        def do_CONNECT(self):
            with open(o["log"], "a") as f: f.write(json.dumps(["CONNECT", self.path, {}]) + "\n")
            host, _, port = self.path.rpartition(":")
            up = socket.create_connection(("127.0.0.1", int(port)))
            self.send_response(200); self.end_headers(); self.wfile.flush()
            def pump(a, b):
                try:
                    while True:
                        d = a.recv(65536)
                        if not d: break
                        b.sendall(d)
                except OSError: pass
                try: b.shutdown(socket.SHUT_WR)
                except OSError: pass
            t = threading.Thread(target=pump, args=(up, self.connection), daemon=True); t.start()
            pump(self.connection, up); t.join()
            self.close_connection = True

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True
        def handle_error(self, *a): pass
        def finish_request(self, request, address):
            if "certificate" in o:
                request.settimeout(20)
                request = context.wrap_socket(request, server_side=True)
                request.settimeout(None)
            try: super().finish_request(request, address)
            finally:
                try: request.shutdown(socket.SHUT_RDWR)
                except OSError: pass
                request.close()
    if "certificate" in o:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(o["certificate"], o["key"])
        if "clientCA" in o:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(o["clientCA"])
    server = Server(("127.0.0.1", 0), Proxy if o.get("proxy") else Handler)
    print(server.server_address[1], flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    server.serve_forever()
    """#
}
