/// Takes the text of a remote's URL apart.
struct RemoteURLParts {
  private(set) var scheme = RemoteURL.Scheme.local
  private(set) var user: String?
  private(set) var host = ""
  private(set) var port: Int?
  private(set) var path = ""

  init(_ text: String) throws(RemoteError) {
    try Self.checkBytes(of: text)
    if let separator = text.firstRange(of: "://") {
      try read(scheme: text[..<separator.lowerBound].lowercased(), rest: text[separator.upperBound...], of: text)
    } else if let colon = Self.colonOfSCP(in: text) {
      try Self.checkForPassword(in: text)
      try readSCP(text[..<colon], path: text[text.index(after: colon)...])
    } else {
      path = text
    }
  }

  private static func checkBytes(of text: String) throws(RemoteError) {
    guard !text.isEmpty, !text.hasPrefix("-") else { throw RemoteError(.invalid, "not a URL or a path") }
    guard text.utf8.count <= RemoteURL.maximumBytes else {
      throw RemoteError(.invalid, "a URL of more than \(RemoteURL.maximumBytes) bytes")
    }
    guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
      throw RemoteError(.invalid, "a URL with control characters")
    }
    guard !text.prefix(while: { $0 != "/" && $0 != "[" }).contains("::") else {
      throw RemoteError(
        .invalid, "remote helpers are not allowed", remedy: "use https://, ssh://, user@host:path or a path")
    }
  }

  /// As Git reads `host:path`: a colon before any slash.
  private static func colonOfSCP(in text: String) -> String.Index? {
    var start = text.startIndex
    let name = text[(text.firstIndex(of: "@").map { text.index(after: $0) } ?? start)...]
    if name.hasPrefix("["), let end = name.firstIndex(of: "]") { start = end }
    guard let colon = text[start...].firstIndex(of: ":") else { return nil }
    return text[..<colon].contains("/") ? nil : colon
  }

  /// `user:password@host:path` would be the path `password@host:path` of the host `user`.
  private static func checkForPassword(in text: String) throws(RemoteError) {
    let start = text.prefix { $0 != "/" }
    guard let colon = start.firstIndex(of: ":"), let at = start.lastIndex(of: "@"), !start.hasPrefix("["),
      colon < at, start[at...].contains(":")
    else { return }
    throw RemoteError(
      .invalid, "a URL with a password in it", remedy: "take it out: ssh logs in with a key or an agent")
  }

  private mutating func read(scheme name: String, rest: Substring, of text: String) throws(RemoteError) {
    guard name != "file" else { return path = text }
    guard let scheme = RemoteURL.Scheme(rawValue: name), scheme != .local else {
      throw RemoteError(
        .invalid, "the scheme \(name.prefix(20).debugDescription) is not allowed",
        remedy: "use https://, ssh://, user@host:path, a path or file://")
    }
    self.scheme = scheme
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    try readAuthority(authority)
    let raw = rest.dropFirst(authority.count)
    try scheme == .ssh ? readSSHPath(raw) : readHTTPPath(raw)
  }

  private mutating func readAuthority(_ authority: Substring) throws(RemoteError) {
    var address = authority
    if let at = authority.lastIndex(of: "@") {
      try readUser(authority[..<at])
      address = authority[authority.index(after: at)...]
    }
    if address.hasPrefix("[") {
      guard let end = address.firstIndex(of: "]") else { throw RemoteError(.invalid, "a URL with an unfinished [") }
      try readHost(address[address.index(after: address.startIndex)..<end])
      address = address[address.index(after: end)...]
    } else {
      let name = address.prefix { $0 != ":" }
      try readHost(name)
      address = address.dropFirst(name.count)
    }
    guard !address.isEmpty, address != ":" else { return }
    guard address.hasPrefix(":"), address.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }),
      let number = Int(address.dropFirst()), (1...65_535).contains(number)
    else { throw RemoteError(.invalid, "a URL whose port isn't 1 to 65535") }
    port = number
  }

  /// A password is refused wherever it stands, and so is a user of HTTP, which is where tokens are put.
  private mutating func readUser(_ text: Substring) throws(RemoteError) {
    guard scheme == .ssh else {
      throw RemoteError(
        .invalid, "a URL with credentials in it",
        remedy: "take them out, and name a file with `tokenFile`, and the user with `username`")
    }
    guard !text.contains(":") else {
      throw RemoteError(
        .invalid, "a URL with a password in it", remedy: "take it out: ssh logs in with a key or an agent")
    }
    let allowed = { (byte: UInt8) in RemoteURLParts.isNameByte(byte) || byte == UInt8(ascii: "+") }
    guard !text.isEmpty, !text.hasPrefix("-"), text.utf8.count <= 255, text.utf8.allSatisfy(allowed) else {
      throw RemoteError(.invalid, "a URL whose user isn't a name")
    }
    user = String(text)
  }

  private mutating func readHost(_ text: Substring) throws(RemoteError) {
    let isAddress = text.contains(":")
    let allowed = { (byte: UInt8) in
      isAddress ? byte == UInt8(ascii: ":") || RemoteURLParts.isNameByte(byte) : RemoteURLParts.isNameByte(byte)
    }
    guard !text.isEmpty, !text.hasPrefix("-"), !text.hasPrefix("."), text.utf8.count <= 255,
      text.utf8.allSatisfy(allowed)
    else { throw RemoteError(.invalid, "a URL whose host is neither a name nor an address") }
    host = text.lowercased()
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
    default: false
    }
  }

  private mutating func readHTTPPath(_ raw: Substring) throws(RemoteError) {
    guard raw.hasPrefix("/"), raw.contains(where: { $0 != "/" }) else {
      throw RemoteError(.invalid, "a URL without a path")
    }
    guard !raw.contains("?"), !raw.contains("#") else {
      throw RemoteError(
        .invalid, "a URL with a query or a fragment",
        remedy: "take it out; a token belongs into a file that `tokenFile` names")
    }
    guard raw.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !#"<>"\^`{|}"#.utf8.contains($0) }) else {
      throw RemoteError(.invalid, "a URL whose path has characters that must be percent-encoded")
    }
    var path = raw
    while path.last == "/" { path.removeLast() }
    self.path = String(path)
  }

  /// `ssh://host/~user/x` means the home folder's, as Git reads it.
  private mutating func readSSHPath(_ raw: Substring) throws(RemoteError) {
    guard raw.hasPrefix("/"), raw.count > 1 else { throw RemoteError(.invalid, "a URL without a path") }
    try setSSHPath(raw.hasPrefix("/~") ? raw.dropFirst() : raw)
  }

  private mutating func readSCP(_ authority: Substring, path: Substring) throws(RemoteError) {
    scheme = .ssh
    var name = authority
    if let at = authority.lastIndex(of: "@") {
      try readUser(authority[..<at])
      name = authority[authority.index(after: at)...]
    }
    if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
    try readHost(name)
    try setSSHPath(path)
  }

  private mutating func setSSHPath(_ text: Substring) throws(RemoteError) {
    guard !text.isEmpty, !text.hasPrefix("-") else {
      throw RemoteError(.invalid, "a URL whose path is empty or looks like an option")
    }
    path = String(text)
  }
}
