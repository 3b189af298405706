import Glibc
import MooringModel

/// What stands at a path in the `inPlace` layout, as far as Mooring answers for it.
struct InPlaceEntry: Sendable, Hashable, Codable {
  enum Kind: String, Sendable, Codable {
    case file, link, folder
  }

  var kind: Kind
  /// Of a file its bytes, of a link its target.
  var content: ContentID?
  /// Permission bits; 0 of a link, which has none.
  var mode: UInt32
  var account: Account

  static func file(_ content: ContentID, mode: UInt32, _ account: Account) -> InPlaceEntry {
    InPlaceEntry(kind: .file, content: content, mode: mode, account: account)
  }

  /// Whose a link is says nothing.
  static func link(_ content: ContentID) -> InPlaceEntry {
    InPlaceEntry(kind: .link, content: content, mode: 0, account: Account(owner: 0, group: 0))
  }

  static func folder(mode: UInt32, _ account: Account) -> InPlaceEntry {
    InPlaceEntry(kind: .folder, mode: mode, account: account)
  }

  /// What is there; `nil` where there is nothing, something that is neither file, link nor folder, or a file that can't
  /// be read or is over `limit` bytes.
  static func read(
    _ name: FileName, in folder: borrowing Folder, contents: any ReleaseContents, limit: Int
  ) throws -> InPlaceEntry? {
    guard let entry = try folder.entry(name) else { return nil }
    let account = Account(owner: entry.owner, group: entry.group)
    switch entry.kind {
    case .folder: return .folder(mode: UInt32(entry.permissions), account)
    case .link: return try folder.linkTarget(name).map { .link(try contents.identity(of: $0)) }
    case .regular:
      guard let (bytes, entry) = try folder.read(name, limit: limit) else { return nil }
      return .file(try contents.identity(of: bytes), mode: UInt32(entry.permissions), account)
    case .other: return nil
    }
  }

  /// What distinguishes it from another, for people.
  func difference(from other: InPlaceEntry) -> String {
    if kind != other.kind { return "it is a \(kind.rawValue)" }
    if content != other.content { return "its content was changed" }
    if mode != other.mode { return "its mode is \(String(mode, radix: 8))" }
    return "its owner is \(account.owner):\(account.group)"
  }
}
