import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import Mooring
import MooringModel
import NIOCore

/// `POST /webhooks/audit`: what API servers tell of the requests that they answered (kubernetes.io, "Auditing", webhook
/// backend).
///
/// Nothing is read of a body before its sender has shown the token of one of the sources.
struct AuditReceiver: Sendable {
  static let path = "webhooks/audit"

  let sources: [ServerOptions.AuditSource]
  let intake: AuditIntake
  let refusals: RefusalLog
  private let rate: RateLimit
  private let slots: BodySlots

  init(
    _ sources: [ServerOptions.AuditSource], _ intake: AuditIntake, _ limits: ServerLimits, _ refusals: RefusalLog
  ) {
    self.sources = sources
    self.intake = intake
    self.refusals = refusals
    rate = RateLimit(rate: limits.rate, burst: limits.burst)
    slots = BodySlots(limits.bodies)
  }

  func receive(_ request: Request, _ context: DoorContext) async -> Response {
    guard let source = await source(of: request, context) else {
      return Response(status: .unauthorized, headers: [.wwwAuthenticate: "Bearer"])
    }
    guard rate.admits() else { return busy(source, context) }
    return await slots.within { await take(request, source, context) } ?? busy(source, context)
  }

  private func source(of request: Request, _ context: DoorContext) async -> ServerOptions.AuditSource? {
    var found: ServerOptions.AuditSource?
    for source in sources {
      do {
        if try BearerToken(file: source.tokenFile).admits(request.headers[.authorization]) { found = source }
      } catch {
        refusals.refused("audit events can't be taken", from: context.address, "\(error)")
      }
    }
    if found == nil {
      // An API server that isn't told to use HTTPS leaves its token at home (client-go, `tools/clientcmd`).
      let isShown = request.headers[.authorization] != nil
      let what = isShown ? "with a wrong token" : "without a token, which API servers show only over HTTPS,"
      refusals.refused("audit events \(what) were refused", from: context.address)
    }
    return found
  }

  private func take(
    _ request: Request, _ source: ServerOptions.AuditSource, _ context: DoorContext
  ) async -> Response {
    let length = request.headers[.contentLength].flatMap { Int($0) } ?? 0
    guard length <= intake.limit else { return refuse(.contentTooLarge, tooLarge, source, context) }
    let body: ByteBuffer
    do {
      body = try await request.body.collect(upTo: intake.limit)
    } catch is NIOTooManyBytesError {
      return refuse(.contentTooLarge, tooLarge, source, context)
    } catch {
      return refuse(.badRequest, "audit events were cut off", source, context)
    }
    do {
      if let strange = try intake.take(Array(body.readableBytesView), source.cluster) {
        refusals.refused("some audit events can't be read", from: context.address, strange)
      }
      return Response(status: .ok)
    } catch {
      return refuse(.badRequest, "audit events can't be read", source, context, "\(error)")
    }
  }

  private var tooLarge: String { "audit events of more than \(intake.limit) bytes were refused" }

  private func busy(_ source: ServerOptions.AuditSource, _ context: DoorContext) -> Response {
    // API servers try again, so nothing is missed yet.
    refusals.refused("more audit events than can be taken", from: context.address)
    return Response(status: .tooManyRequests, headers: [.retryAfter: "1"])
  }

  /// Whoever sent it won't send it again.
  private func refuse(
    _ status: HTTPResponse.Status, _ reason: String, _ source: ServerOptions.AuditSource, _ context: DoorContext,
    _ details: String? = nil
  ) -> Response {
    intake.miss(source.cluster)
    refusals.refused(reason, from: context.address, details)
    return Response(status: status)
  }
}
