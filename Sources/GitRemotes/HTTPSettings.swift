import AsyncHTTPClient
import NIOCore
import NIOSSL

/// Makes a client's configuration of what is configured for a remote.
struct HTTPSettings {
  static let connectTimeout = TimeAmount.seconds(15)
  static let maximumCertificateBytes = 4 << 20

  let access: RemoteAccess
  let url: RemoteURL

  func configuration() throws(RemoteError) -> HTTPClient.Configuration {
    let stall = TimeAmount.milliseconds(Int64(access.stallMilliseconds))
    var configuration = HTTPClient.Configuration(
      tlsConfiguration: url.scheme == .https ? try tls() : nil, redirectConfiguration: .disallow,
      timeout: .init(connect: Self.connectTimeout, read: stall, write: stall), proxy: try proxy(),
      ignoreUncleanSSLShutdown: false, decompression: .disabled)
    // One version of HTTP is enough, and is the one whose connections can be looked at before they are used.
    configuration.httpVersion = .http1Only
    configuration.connectionPool.retryConnectionEstablishment = false
    // A proxy's own address is the operator's affair.
    if access.proxy == nil { configuration.http1_1ConnectionDebugInitializer = AddressGuard.look }
    return configuration
  }

  private func tls() throws(RemoteError) -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    if let file = access.caFile { configuration.trustRoots = .certificates(try certificates(in: file)) }
    if let file = access.clientCertificate {
      configuration.certificateChain = try certificates(in: file).map { .certificate($0) }
      configuration.privateKey = .privateKey(try key(in: access.clientKey ?? file))
    }
    return configuration
  }

  private func certificates(in path: String) throws(RemoteError) -> [NIOSSLCertificate] {
    let bytes = try RemoteFile(path).read(upTo: Self.maximumCertificateBytes, as: "a certificate")
    let found: [NIOSSLCertificate]
    do { found = try NIOSSLCertificate.fromPEMBytes(bytes) } catch { throw notPEM(path, "certificates") }
    guard !found.isEmpty else { throw notPEM(path, "certificates") }
    return found
  }

  private func key(in path: String) throws(RemoteError) -> NIOSSLPrivateKey {
    let bytes = try RemoteFile(path).read(upTo: Self.maximumCertificateBytes, as: "a key")
    do {
      return try NIOSSLPrivateKey(bytes: bytes, format: .pem)
    } catch { throw notPEM(path, "an unencrypted private key") }
  }

  private func notPEM(_ path: String, _ what: String) -> RemoteError {
    RemoteError(.invalid, "\(path) doesn't hold \(what)", remedy: "it should be in PEM, with its BEGIN and END lines")
  }

  private func proxy() throws(RemoteError) -> HTTPClient.Configuration.Proxy? {
    guard let text = access.proxy else { return nil }
    let proxy = try RemoteProxy(text)
    return .server(host: proxy.host, port: proxy.port)
  }
}
