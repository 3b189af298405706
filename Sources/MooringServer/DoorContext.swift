import Hummingbird
import NIOCore

/// A request, with the connection that it came by.
struct DoorContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }

  /// Whoever sent it, without the port.
  var address: String { channel.remoteAddress?.ipAddress ?? "an unknown address" }
}
