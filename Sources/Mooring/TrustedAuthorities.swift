import MooringModel
import NIOSSL

/// Whom a connection over TLS is to be vouched for by.
enum TrustedAuthorities {
  static let certificateBytes = 4 << 20

  /// - Parameter file: Certificates in PEM, trusted instead of the system's; `nil` for the system's.
  static func configuration(_ file: String?) throws(Fault) -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    guard let file else { return configuration }
    guard let bytes = BoundedFile.bytes(at: file, limit: certificateBytes), bytes.count <= certificateBytes
    else { throw Fault(.configuration, "the authorities can't be read", at: file) }
    do {
      let found = try NIOSSLCertificate.fromPEMBytes(bytes)
      guard !found.isEmpty else { throw NIOSSLError.failedToLoadCertificate }
      configuration.trustRoots = .certificates(found)
    } catch { throw Fault(.configuration, "the file doesn't hold certificates in PEM", at: file) }
    return configuration
  }
}
