import FoundationEssentials
import GitRemotes

/// Judges a URL that notifications are posted to. What it says never has the URL in it, which may be a secret.
enum NotificationURL {
  static func problem(with text: String, _ way: NotificationChannel.HTTPWay) -> String? {
    guard text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }), text.utf8.count <= 2048, let url = URL(string: text),
      let host = url.host, !host.isEmpty
    else { return "should be https://host/path" }
    if url.user != nil || url.password != nil { return "has credentials in it; take them out" }
    switch url.scheme?.lowercased() {
    case "https": break
    case "http" where way.allowsHTTP: break
    case "http": return "http:// can be read and changed by anybody on the way; use https://, or set `allowHTTP: true`"
    default: return "should begin with https://"
    }
    return refusal(of: host, way)
  }

  static func host(of text: String) -> String { URL(string: text)?.host ?? "the URL" }

  /// Of an address; a name is judged where it leads.
  private static func refusal(of host: String, _ way: NotificationChannel.HTTPWay) -> String? {
    guard !way.allowsLinkLocal, let address = HostAddress.literal(host), HostAddress.isForbidden(address) else {
      return nil
    }
    return forbidden(host)
  }

  static func forbidden(_ host: String) -> String {
    "\(host) is a link-local or metadata address; `allowLinkLocal: true` of the channel allows it"
  }
}
