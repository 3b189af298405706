/// Proper names and addresses for those that stand in commits (format: gitmailmap).
public struct Mailmap: Hashable, Sendable {
  private struct Identity: Hashable {
    var name: String?
    var email: String?
  }

  private struct Entry: Hashable {
    /// For the address under any name.
    var anyone = Identity()
    /// For the address under one name, by that name in lower case.
    var named: [String: Identity] = [:]
  }

  /// A larger file is passed over.
  public static let mostBytes = 16 << 20

  /// By the address in commits, in lower case.
  private var entries: [String: Entry] = [:]

  /// Reads the text of a `.mailmap`; lines that make no sense are passed over, as Git does.
  public init(_ text: String = "") {
    for line in text.split(whereSeparator: { $0 == "\n" || $0 == "\r\n" }) where line.first != "#" {
      guard let proper = Self.identity(in: line, allowingEmptyEmail: false) else { continue }
      add(proper.identity, for: Self.identity(in: proper.rest, allowingEmptyEmail: true)?.identity)
    }
  }

  /// The signature under its proper name and address, with its time kept.
  public func resolve(_ signature: Signature) -> Signature {
    guard let entry = entries[Self.folded(signature.email)] else { return signature }
    let proper = entry.named[Self.folded(signature.name)] ?? entry.anyone
    var resolved = signature
    if let name = proper.name { resolved.name = name }
    if let email = proper.email { resolved.email = email }
    return resolved
  }

  private mutating func add(_ proper: Identity, for old: Identity?) {
    // With one address on the line it is the one in commits, and only the name is put right.
    let key = Self.folded(old?.email ?? proper.email ?? "")
    let new = Identity(name: proper.name, email: old == nil ? nil : proper.email)
    var entry = entries[key] ?? Entry()
    if let name = old?.name {
      entry.named[Self.folded(name)] = new
    } else {
      entry.anyone.name = new.name ?? entry.anyone.name
      entry.anyone.email = new.email ?? entry.anyone.email
    }
    entries[key] = entry
  }

  /// The first `Name <address>` of the text, and what follows it.
  private static func identity(
    in text: Substring, allowingEmptyEmail: Bool
  ) -> (identity: Identity, rest: Substring)? {
    guard let open = text.firstIndex(of: "<"), let close = text[open...].firstIndex(of: ">") else { return nil }
    let email = text[text.index(after: open)..<close]
    guard allowingEmptyEmail || !email.isEmpty else { return nil }
    var name = text[..<open].drop(while: \.isWhitespace)
    while let last = name.last, last.isWhitespace { name.removeLast() }
    let identity = Identity(name: name.isEmpty ? nil : String(name), email: String(email))
    return (identity, text[text.index(after: close)...])
  }

  /// Lower case of ASCII letters alone, as Git compares.
  private static func folded(_ text: String) -> String {
    String(decoding: text.utf8.map { (0x41...0x5a).contains($0) ? $0 + 0x20 : $0 }, as: UTF8.self)
  }
}

extension Repository {
  /// The `.mailmap` at the root of a commit; an empty one when there is none, or no commit, or it is over the limit:
  /// names are not worth a deployment.
  public func mailmap(at commit: ObjectID?) throws(GitError) -> Mailmap {
    guard let commit, let entry = try entry(at: ".mailmap", in: commit), entry.mode.isBlob, entry.mode != .link,
      try blobSize(entry.id) <= Mailmap.mostBytes
    else { return Mailmap() }
    return Mailmap(String(decoding: try blob(entry.id), as: UTF8.self))
  }
}
