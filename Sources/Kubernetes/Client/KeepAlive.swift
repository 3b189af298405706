import Glibc
import NIOCore

/// Has the kernel look whether the other side of a quiet connection is still there: after 30 seconds, and given up after
/// another 30.
enum KeepAlive {
  static func set(on channel: any Channel) -> EventLoopFuture<Void> {
    let options: [(level: Int32, name: Int32, value: SocketOptionValue)] = [
      (SOL_SOCKET, SO_KEEPALIVE, 1), (Int32(IPPROTO_TCP), TCP_KEEPIDLE, 30), (Int32(IPPROTO_TCP), TCP_KEEPINTVL, 10),
      (Int32(IPPROTO_TCP), TCP_KEEPCNT, 3),
    ]
    let done = options.map { option in
      channel.setOption(
        ChannelOptions.socket(SocketOptionLevel(option.level), SocketOptionName(option.name)), value: option.value)
    }
    return EventLoopFuture.andAllSucceed(done, on: channel.eventLoop)
  }
}
