import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// Ends a connection whose request takes too long, and that of whoever was refused a moment after the answer.
///
/// A refused request may have a body that nobody reads: it is read past for the moment, so that a client which is still
/// sending gets to see the answer, and not for longer.
struct DeadlineMiddleware: RouterMiddleware {
  typealias Context = DoorContext

  let limits: ServerLimits

  func handle(
    _ request: Request, context: DoorContext, next: (Request, DoorContext) async throws -> Response
  ) async throws -> Response {
    let channel = context.channel
    let deadline = Self.close(channel, in: limits.request)
    defer { deadline.cancel() }
    var response: Response
    do {
      response = try await next(request, context)
    } catch let error as any HTTPResponseError {
      response = try error.response(from: request, context: context)
    }
    if response.status.code >= 400 {
      response.headers[.connection] = "close"
      _ = Self.close(channel, in: limits.linger)
    }
    return response
  }

  private static func close(_ channel: any Channel, in time: TimeAmount) -> Scheduled<Void> {
    channel.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
  }
}
