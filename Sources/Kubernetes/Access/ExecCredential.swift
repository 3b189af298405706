import Documents
import FoundationEssentials

/// What a credential plugin printed.
struct ExecCredential: Sendable {
  let token: Secret?
  let identity: ClientIdentity?
  let expires: Date?

  /// - Throws: `unauthorized` for anything but an `ExecCredential` of the version that was asked for.
  init(_ bytes: [UInt8], apiVersion: String, plugin: String) throws(KubernetesError) {
    let what = "the credential plugin \(plugin)"
    let root: Node
    do { root = try AnswerReader.standard.root(of: bytes) } catch {
      throw KubernetesError(.unauthorized, "\(what) didn't print JSON")
    }
    guard root["kind"]?.text == "ExecCredential", root["apiVersion"]?.text == apiVersion, let status = root["status"]
    else {
      throw KubernetesError(.unauthorized, "\(what) didn't print an ExecCredential of \(apiVersion) with a status")
    }
    token = try status["token"]?.scalar?.stringValue.map { (text) throws(KubernetesError) in
      try CredentialFile.token(text, from: "what \(what) printed as token")
    }
    identity = try Self.identity(of: status, what)
    guard token != nil || identity != nil else {
      throw KubernetesError(.unauthorized, "\(what) printed neither a token nor a certificate")
    }
    expires = try status["expirationTimestamp"]?.scalar?.stringValue.map { (text) throws(KubernetesError) in
      try Self.date(text, what)
    }
  }

  private static func identity(of status: Node, _ what: String) throws(KubernetesError) -> ClientIdentity? {
    let certificate = status["clientCertificateData"]?.scalar?.stringValue
    let key = status["clientKeyData"]?.scalar?.stringValue
    guard let certificate, let key else {
      if certificate == nil, key == nil { return nil }
      throw KubernetesError(.unauthorized, "\(what) printed a certificate without its key, or a key alone")
    }
    return try ClientIdentity(certificate: Array(certificate.utf8), key: Array(key.utf8), what: what)
  }

  private static func date(_ text: String, _ what: String) throws(KubernetesError) -> Date {
    let styles = [Date.ISO8601FormatStyle(), Date.ISO8601FormatStyle(includingFractionalSeconds: true)]
    for style in styles {
      if let date = try? style.parse(text) { return date }
    }
    throw KubernetesError(.unauthorized, "\(what) printed an expirationTimestamp that is no time of RFC 3339")
  }
}
