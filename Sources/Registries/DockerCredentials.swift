import Documents
import FoundationEssentials

/// The credentials of a file that `docker login` wrote.
///
/// Format: [config.json](https://docs.docker.com/reference/cli/docker/login/), `auths`. Programs that keep credentials
/// (`credsStore`, `credHelpers`) aren't run.
struct DockerCredentials {
  static let mostBytes = 1 << 20

  /// `user:password` in base 64, ready for a header; `nil` where the file has none for the host.
  static func basic(for host: String, in file: String) throws(RegistryError) -> String? {
    let data: Data
    do { data = try Data(contentsOf: URL(filePath: file)) } catch {
      throw RegistryError(host, "the credentials can't be read from \(file)")
    }
    guard data.count <= mostBytes else { throw RegistryError(host, "\(file) has more than \(mostBytes) bytes") }
    let root: Node?
    do throws(DocumentError) { root = try Document.parse(Array(data), as: .json).first?.root } catch {
      // What stands there is secret: the reason isn't repeated.
      throw RegistryError(host, "\(file) isn't JSON")
    }
    let names =
      host == "docker.io"
      ? ["https://index.docker.io/v1/", "docker.io", "index.docker.io"] : [host, "https://\(host)"]
    for name in names {
      guard let entry = root?["auths"]?[name] else { continue }
      if let auth = entry["auth"]?.scalar?.stringValue, !auth.isEmpty {
        guard Data(base64Encoded: auth) != nil else {
          throw RegistryError(host, "\(file) has a malformed `auth` for it")
        }
        return auth
      }
      if let user = entry["username"]?.scalar?.stringValue, let password = entry["password"]?.scalar?.stringValue {
        return Data("\(user):\(password)".utf8).base64EncodedString()
      }
    }
    if root?["credHelpers"]?[host] != nil || root?["credsStore"] != nil {
      throw RegistryError(host, "\(file) leaves its credentials to a program, and none is run for them")
    }
    return nil
  }
}
