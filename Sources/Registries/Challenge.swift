/// What a registry asks for: `WWW-Authenticate`, RFC 9110 section 11.6.1.
struct Challenge: Hashable {
  var scheme: String
  var parameters: [String: String] = [:]

  /// `nil` for what is malformed, or longer than 4 KiB.
  init?(_ header: String) {
    guard header.utf8.count <= 4096 else { return nil }
    let parts = header.split(separator: " ", maxSplits: 1)
    guard let first = parts.first else { return nil }
    scheme = first.lowercased()
    var rest = (parts.count > 1 ? parts[1] : "")[...]
    while let equals = rest.firstIndex(of: "=") {
      let name = rest[..<equals].filter { $0 != " " && $0 != "," }.lowercased()
      rest = rest[rest.index(after: equals)...]
      if rest.first == "\"" {
        rest = rest.dropFirst()
        guard let quote = rest.firstIndex(of: "\"") else { return nil }
        parameters[name] = String(rest[..<quote])
        rest = rest[rest.index(after: quote)...]
      } else {
        let value = rest.prefix { $0 != "," }
        parameters[name] = String(value)
        rest = rest.dropFirst(value.count)
      }
    }
  }
}
