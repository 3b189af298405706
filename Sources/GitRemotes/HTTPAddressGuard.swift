import NIOCore

/// Keeps requests away from addresses where clouds keep their machines' credentials, whatever name leads there.
final class HTTPAddressGuard: Sendable {
  /// A connection went to such an address.
  struct Refused: Error {}

  /// Whether a connection to there may not be used.
  func refuses(_ address: SocketAddress) -> Bool {
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
