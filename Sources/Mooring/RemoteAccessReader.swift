import Documents
import GitRemotes

/// Reads how a remote is got into, beside its `url`.
struct RemoteAccessReader {
  private static let httpKeys = [
    "tokenFile", "tokenEnvironment", "username", "authorization", "caFile", "clientCertificate", "clientKey", "proxy",
  ]

  let reader: MappingReader
  /// Makes a path absolute.
  let absolute: (String) -> String

  /// Reports what doesn't go together with the URL under `key`.
  func read(url: String, key: String) -> RemoteAccess {
    var access = RemoteAccess(allowHTTP: reader.optionalBool("allowHTTP") ?? false)
    readHTTP(&access)
    access.ssh = reader.optionalMapping("ssh").map(ssh)
    if let stall = reader.optionalDuration("stall") {
      if stall < .milliseconds(100) { reader.report("should be at least 100ms", key: "stall") }
      access.stallMilliseconds = max(1, Int(clamping: Int64(stall / .milliseconds(1))))
    }
    do throws(RemoteError) {
      judge(access, try RemoteURL(url, allowHTTP: access.allowHTTP))
    } catch {
      reader.report(error.description, key: key)
    }
    return access
  }

  private func readHTTP(_ access: inout RemoteAccess) {
    access.username = reader.optionalString("username")
    if access.username?.contains(":") == true { reader.report("can't contain ':'", key: "username") }
    access.authorization = reader.optionalChoice("authorization", RemoteAccess.Authorization.self)
    access.caFile = path("caFile", reader)
    access.clientCertificate = path("clientCertificate", reader)
    access.clientKey = path("clientKey", reader)
    access.proxy = reader.optionalString("proxy")
    if let proxy = access.proxy {
      do throws(RemoteError) { _ = try RemoteProxy(proxy) } catch { reader.report(error.description, key: "proxy") }
    }
    let file = path("tokenFile", reader)
    let variable = reader.optionalString("tokenEnvironment")
    if file != nil, variable != nil {
      reader.report("a token has one place: not beside `tokenFile`", key: "tokenEnvironment")
    }
    access.token = file.map { .file($0) } ?? variable.map { .environment($0) }
  }

  private func ssh(_ reader: MappingReader) -> SSHAccess {
    defer { reader.finish() }
    let access = SSHAccess(
      key: path("key", reader), passphraseFile: path("passphraseFile", reader),
      agent: reader.optionalBool("agent") ?? false, knownHosts: path("knownHosts", reader),
      certAuthority: reader.optionalBool("certAuthority") ?? false)
    if access.passphraseFile != nil, access.key == nil {
      reader.report("there is no `key` to open", key: "passphraseFile")
    }
    return access
  }

  private func path(_ key: String, _ reader: MappingReader) -> String? {
    guard let path = reader.optionalString(key) else { return nil }
    if path.isEmpty || path.hasPrefix("~") { reader.report("should be a path, without `~`", key: key) }
    return absolute(path)
  }

  /// Combinations that could never mean anything.
  private func judge(_ access: RemoteAccess, _ url: RemoteURL) {
    let isHTTP = url.scheme == .https || url.scheme == .http
    if !isHTTP {
      for key in Self.httpKeys where reader.has(key) { reader.report("goes with an https:// URL only", key: key) }
    }
    if url.scheme != .ssh, access.ssh != nil { reader.report("goes with an ssh:// URL only", key: "ssh") }
    if !url.isNetwork, reader.has("stall") { reader.report("goes with a remote over a network only", key: "stall") }
    if access.allowHTTP, url.scheme != .http { reader.report("goes with an http:// URL only", key: "allowHTTP") }
    if url.scheme == .http {
      for key in ["caFile", "clientCertificate", "clientKey"] where reader.has(key) {
        reader.report("goes with an https:// URL only", key: key)
      }
    }
    if access.clientKey != nil, access.clientCertificate == nil {
      reader.report("there is no `clientCertificate` that it is the key of", key: "clientKey")
    }
    for (key, isThere) in [("username", access.username != nil), ("authorization", access.authorization != nil)]
    where isThere && access.token == nil {
      reader.report("there is no token: name one with `tokenFile` or `tokenEnvironment`", key: key)
    }
    if access.username != nil, access.authorization == .bearer {
      reader.report("`authorization: bearer` sends no user", key: "username")
    }
  }
}
