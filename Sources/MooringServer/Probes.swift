import HTTPTypes
import Hummingbird
import HummingbirdCore
import Mooring
import NIOCore

/// What an orchestrator asks: `GET /healthz`, whether the process should be left alive, and `GET /readyz`, whether it does
/// its work. Nothing of what is watched is in the answers.
struct Probes: Sendable {
  let pulse: WatcherPulse

  func health() -> Response {
    let late = pulse.late()
    return late.isEmpty ? Self.text(.ok, "ok") : Self.text(.serviceUnavailable, "\(late.count) loops don't turn")
  }

  func readiness() -> Response {
    pulse.isReady ? Self.text(.ok, "ready") : Self.text(.serviceUnavailable, "not everything is loaded")
  }

  private static func text(_ status: HTTPResponse.Status, _ text: String) -> Response {
    Response(
      status: status, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text + "\n")))
  }
}
