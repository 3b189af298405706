import GitRemotes

extension FuzzTarget {
  private static let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB8Ht8Z3j6yDWPBHQtOp/R9rjWvfMYo3MSA/K6q8D86r"
  /// `kube`, by `ssh-keygen -H`.
  private static let hashed = "|1|IKNsCEeu6/jYSbJfsm462IIzWrg=|gOc86X8yepou6FBXfPowOxrfg2w="

  static let hosts: [FuzzTarget] = [
    FuzzTarget(
      name: "known-hosts",
      seeds: [
        "git.example.com,[10.0.0.1]:2222 \(key) comment\n", "*.example.com,!bad.example.com \(key)\n",
        "@cert-authority * \(key)\n@revoked git.example.com \(key)\n", "\(hashed) \(key)\n",
        "# a comment\n\n  [kube]:2222\t\(key)\r\n[::1]:2222 \(key)\n",
      ],
      words: [
        "@cert-authority ", "@revoked ", "*", "?", "!", ",", key, hashed, "|1|", "kube", "git.example.com",
        "[kube]:2222",
        "\u{212A}", ",\u{301}", "\t", "\r",
      ]
    ) { bytes in
      let hosts = try KnownHosts(bytes)
      let lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map { Array($0) }
      let numbers = hosts.entries.map(\.line) + hosts.unreadable
      hold(Set(numbers).count == numbers.count, "a line was read twice")
      hold(numbers.allSatisfy { (1...lines.count).contains($0) }, "a line that isn't there")
      for (host, port) in [
        ("kube", 22), ("kube", 2222), ("git.example.com", 22), ("bad.example.com", 22), ("::1", 2222),
      ] {
        let name = port == 22 ? host : "[\(host)]:\(port)"
        let found = hosts.entries(for: host, port: port)
        for entry in hosts.entries {
          let says = names(lines[entry.line - 1], name)
          hold(says == nil || says == found.contains(entry), "line \(entry.line) and \(name): \(says ?? false)")
        }
      }
      for entry in hosts.entries {
        hold(HostKey(type: entry.key.type, base64: entry.key.base64) == entry.key, "a key doesn't read back")
      }
      let authorities = hosts.entries.filter { $0.marker == .certAuthority }.map(\.line) + hosts.unreadableAuthorities
      for (index, line) in lines.enumerated() where field(0, of: line) == Array("@cert-authority".utf8) {
        hold(authorities.contains(index + 1), "an authority in line \(index + 1) is overlooked")
      }
    },
    FuzzTarget(
      name: "network-url",
      seeds: [
        "https://git.example.com/a/b.git", "ssh://git@[::1]:2222/~ann/a.git", "git@example.com:a/b.git",
        "http://host:80/a%20b/",
      ],
      words: ["https://", "ssh://", "@", ":", "[", "]", "-o", "::", "//", "~", "?", "#", "\u{212A}", "\u{FF0E}", "%"]
    ) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      let url = try RemoteURL(text, allowHTTP: true)
      hold(!text.hasPrefix("-") && !bytes.contains(0), "an unsafe URL: \(text)")
      guard url.isNetwork else { return }
      for part in [url.host, url.path, url.user ?? ""] { hold(!part.hasPrefix("-"), "an option in \(text)") }
      hold(url.host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "@") }, "an odd host: \(url.host)")
      hold(url.user?.utf8.contains(UInt8(ascii: ":")) != true, "a password in \(text)")
      guard text.contains("://") else { return }
      let again = try? RemoteURL(url.description, allowHTTP: true)
      hold(again == url, "\(text) is said as \(url), and that is \(again?.description ?? "none")")
    },
  ]

  private static func fields(of line: [UInt8]) -> [[UInt8]] {
    line.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }.map { Array($0) }
  }

  private static func field(_ index: Int, of line: [UInt8]) -> [UInt8]? {
    let fields = fields(of: line)
    return index < fields.count ? fields[index] : nil
  }

  /// Whether a line is about a host, by the words of sshd(8): one of its patterns matches and no negated one does. Of
  /// digests but one is known, and the same may be written in other ways; none is another host's.
  private static func names(_ line: [UInt8], _ name: String) -> Bool? {
    let start = field(0, of: line)?.first == UInt8(ascii: "@") ? 1 : 0
    guard let field = field(start, of: line) else { return false }
    if field.first == UInt8(ascii: "|") { return field == Array(hashed.utf8) || name != "kube" ? name == "kube" : nil }
    // Only the letters of ASCII have two cases there.
    let patterns = field.map { (65...90).contains($0) ? $0 | 0x20 : $0 }.split(separator: UInt8(ascii: ","))
    let name = Array(name.utf8)
    guard !patterns.contains(where: { $0.first == UInt8(ascii: "!") && matches($0.dropFirst(), name) }) else {
      return false
    }
    return patterns.contains { $0.first != UInt8(ascii: "!") && matches($0, name) }
  }

  /// By a table of which prefixes of the name the pattern so far can be.
  private static func matches(_ pattern: ArraySlice<UInt8>, _ name: [UInt8]) -> Bool {
    var reached = [Bool](repeating: false, count: name.count + 1)
    reached[0] = true
    for byte in pattern {
      if byte == UInt8(ascii: "*") {
        for index in name.indices where reached[index] { reached[index + 1] = true }
      } else {
        for index in name.indices.reversed() {
          reached[index + 1] = reached[index] && (byte == UInt8(ascii: "?") || byte == name[index])
        }
        reached[0] = false
      }
    }
    return reached[name.count]
  }
}
