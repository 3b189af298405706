import Documents

/// Texts on their way into a URL, and URLs that others sent on their way to people.
enum URLText {
  /// Percent-encoded but for the unreserved characters of RFC 3986, 2.3.
  static func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "-._~".utf8.contains(byte)
      return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16).uppercased()
    }.joined()
  }

  /// The same with its slashes.
  static func encodedPath(_ text: String) -> String {
    text.split(separator: "/", omittingEmptySubsequences: false).map { encoded(String($0)) }.joined(separator: "/")
  }

  /// An address that a host named: on one line, and nothing where it is none.
  static func shown(_ node: Node?) -> String {
    guard let text = node?.scalar?.stringValue, text.utf8.count <= 1000, text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }),
      text.hasPrefix("https://") || text.hasPrefix("http://")
    else { return "" }
    return text
  }
}
