import NIOSSL

/// A client's certificate with what leads to its authority, and its key.
struct ClientIdentity: Sendable {
  let chain: [NIOSSLCertificate]
  let key: NIOSSLPrivateKey

  /// - Parameter what: Whose they are, for errors.
  /// - Throws: `configuration` for what is no PEM.
  init(certificate: [UInt8], key: [UInt8], what: String) throws(KubernetesError) {
    chain = try Self.certificates(certificate, what: "the client certificate of \(what)")
    do { self.key = try NIOSSLPrivateKey(bytes: key, format: .pem) } catch {
      throw KubernetesError(
        .configuration, "the client key of \(what) is no unencrypted private key",
        remedy: "it should be in PEM, with its BEGIN and END lines")
    }
  }

  static func certificates(_ bytes: [UInt8], what: String) throws(KubernetesError) -> [NIOSSLCertificate] {
    let found: [NIOSSLCertificate]
    do { found = try NIOSSLCertificate.fromPEMBytes(bytes) } catch { throw notPEM(what) }
    guard !found.isEmpty else { throw notPEM(what) }
    return found
  }

  private static func notPEM(_ what: String) -> KubernetesError {
    KubernetesError(
      .configuration, "\(what) holds no certificates", remedy: "it should be in PEM, with its BEGIN and END lines")
  }
}
