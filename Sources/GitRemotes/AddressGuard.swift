package import NIOCore

/// Keeps connections away from addresses where clouds keep their machines' credentials, whatever name leads there.
package enum AddressGuard {
  /// A connection went to such an address.
  package struct Refused: Error {}

  /// Looks at a connection before anything is said over it, and closes it where it may not be used: a name may mean
  /// another address by now than when it was looked at.
  @Sendable package static func look(at connection: any Channel) -> EventLoopFuture<Void> {
    guard let address = connection.remoteAddress, refuses(address) else {
      return connection.eventLoop.makeSucceededVoidFuture()
    }
    return connection.close().flatMapThrowing { throw Refused() }
  }

  private static func refuses(_ address: SocketAddress) -> Bool {
    guard let text = address.ipAddress, let bytes = HostAddress.literal(text) else { return true }
    return HostAddress.isForbidden(bytes)
  }

  /// Resolves the host and looks at every address of it. A proxy resolves for itself: only an address is judged then.
  static func check(_ url: RemoteURL, throughProxy: Bool) async throws(RemoteError) {
    if throughProxy, HostAddress.literal(url.host) == nil { return }
    let addresses = try await HostAddress.all(of: url.host)
    guard !addresses.contains(where: HostAddress.isForbidden) else { throw refusal(of: url) }
  }

  static func refusal(of url: RemoteURL) -> RemoteError {
    RemoteError(
      .invalid, "\(url.host) is a link-local address, where machines' own credentials are served",
      remedy: "give the remote another address")
  }
}
