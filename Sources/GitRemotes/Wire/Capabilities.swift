/// What a service can do: names, some with values (gitprotocol-capabilities, gitprotocol-v2).
package struct Capabilities: Hashable, Sendable {
  private var values: [String: [String]] = [:]
  private static let most = 1000

  init() {}

  init(_ words: some Sequence<Substring>) throws(RemoteError) {
    for word in words { try add(word) }
  }

  mutating func add(_ word: Substring) throws(RemoteError) {
    guard values.count < Self.most else {
      throw RemoteError(.malformed, "the remote says that it has more than \(Self.most) capabilities")
    }
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first, !name.isEmpty else { return }
    let value = parts.count > 1 ? String(parts[1]) : ""
    // `symref` is the only one that is said more than once; nobody needs many of those.
    if values[String(name), default: []].count < Self.most { values[String(name), default: []].append(value) }
  }

  package func has(_ name: String) -> Bool { values[name] != nil }

  /// Whether the value of a capability has this word in it, as in `fetch=shallow wait-for-done`.
  func has(_ name: String, _ word: String) -> Bool {
    all(name).contains { $0.split(separator: " ").contains(Substring(word)) }
  }

  package func all(_ name: String) -> [String] { values[name] ?? [] }
}
