import Foundation
import MooringTestSupport
import Processes

/// A small service that Mooring deploys, with traffic of its own, and a Prometheus that scrapes it: how many orders fail
/// and how long they take follows the configuration in production.
final class ShopSite: Sendable {
  let machine: Machine
  let url: String
  let port: Int
  private let shop: ServerProcess
  private let prometheus: ServerProcess

  /// The share of orders that fail, and what one takes.
  static let errors = "sum(rate(orders_failed_total[1s])) / sum(rate(orders_total[1s]))"
  static let latency = "sum(rate(orders_seconds_sum[1s])) / sum(rate(orders_total[1s]))"

  init() async throws {
    machine = try Machine(["shop.json": #"{"failing": 0, "seconds": 0.001}"#])
    shop = try ServerProcess([
      "/usr/bin/python3", "-c", Self.script, machine.root + "/current/shop.json", machine.folder["outside"],
    ])
    guard let port = Int(try await shop.firstLine()) else { throw CocoaError(.fileReadCorruptFile) }
    self.port = port
    let own = try FreePort.find()
    url = "http://127.0.0.1:\(own)"
    try machine.folder.write(
      """
      global: { scrape_interval: 200ms, scrape_timeout: 200ms }
      scrape_configs:
        - job_name: shop
          static_configs: [ { targets: ["127.0.0.1:\(port)"] } ]

      """, to: "prometheus.yml")
    prometheus = try ServerProcess([
      "/bin/sh", "-c", "echo started; exec \"$0\" \"$@\" >/dev/null", "prometheus",
      "--config.file=\(machine.folder["prometheus.yml"])", "--storage.tsdb.path=\(machine.folder["prometheus"])",
      "--web.listen-address=127.0.0.1:\(own)", "--log.level=error",
    ])
    _ = try await prometheus.firstLine()
  }

  /// `signals` and a quick `verdict`, as lines of an environment.
  var signals: [String] {
    [
      "signals:",
      "  - { name: errors, better: lower, url: \"\(url)\", query: \"\(Self.errors)\", leastChange: 0.02 }",
      "  - { name: latency, better: lower, url: \"\(url)\", query: \"\(Self.latency)\", leastChange: 0.005 }",
      "verdict: { before: 4s, after: 3s, settle: 1500ms, step: 250ms, sample: 1s }",
    ]
  }

  /// Waits until Prometheus has had values of a query's last seconds that hold a condition, one every 200 ms.
  func hasSeen(_ condition: String, for seconds: Int) async throws {
    let query = "count_over_time((\(condition))[\(seconds)s:200ms]) >= \(seconds * 4)"
    try await machine.until("Prometheus sees \(condition)") {
      let answer = try await run(
        Program(
          ["curl", "--silent", "--max-time", "5", "--data-urlencode", "query=\(query)", url + "/api/v1/query"],
          timeLimit: .seconds(10)))
      return answer.output.contains("\"value\"")
    }
  }

  private static let script = #"""
    import http.server, json, os, sys, threading, time, urllib.request
    path, outside = sys.argv[1:3]
    lock = threading.Lock()
    count = failed = 0
    seconds = 0.0
    def configuration():
        try:
            with open(path) as f: return json.load(f)
        except (OSError, ValueError): return {}
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        def log_message(self, *a): pass
        def say(self, status, text):
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        def do_GET(self):
            global count, failed, seconds
            if self.path == "/metrics":
                with lock:
                    return self.say(200, f"# TYPE orders_total counter\norders_total {count}\n"
                        f"# TYPE orders_failed_total counter\norders_failed_total {failed}\n"
                        f"# TYPE orders_seconds_sum counter\norders_seconds_sum {seconds}\n")
            began = time.monotonic()
            now = configuration()
            with lock: number = count + 1
            bad = number % 10 < 10 * now.get("failing", 0) or (os.path.exists(outside) and number % 2 == 0)
            time.sleep(now.get("seconds", 0))
            with lock:
                count += 1; failed += bad; seconds += time.monotonic() - began
            self.say(500 if bad else 200, "ordered\n")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    port = server.server_address[1]
    def traffic():
        while True:
            try: urllib.request.urlopen(f"http://127.0.0.1:{port}/order", timeout=5).read()
            except OSError: pass
            time.sleep(0.01)
    threading.Thread(target=traffic, daemon=True).start()
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    print(port, flush=True)
    server.serve_forever()
    """#
}
