import Glibc
import MooringModel

/// Whose a file is: a user and a group by number.
struct Account: Sendable, Hashable, Codable {
  var owner: uid_t
  var group: gid_t

  /// Of what this process makes where nothing else is declared.
  static var own: Account { Account(owner: geteuid(), group: getegid()) }

  /// Gives an open file or folder to it.
  ///
  /// - Returns: The error's code; `nil` where it is its now.
  func give(_ descriptor: Int32) -> Int32? {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return errno }
    if status.st_uid == owner && status.st_gid == group { return nil }
    return fchown(descriptor, owner, group) == 0 ? nil : errno
  }
}

/// Looks users and groups up by the names that attributes declare, each once.
struct AccountLookup {
  /// Bytes for one entry of the user or group database, which may list many members.
  private static let entryLimit = 1 << 20

  private var users: [String: uid_t] = [:]
  private var groups: [String: gid_t] = [:]

  /// - Throws: `Fault` of a user or group that this machine doesn't have.
  mutating func account(of attributes: FileAttributes, at place: String) throws(Fault) -> Account {
    var account = Account.own
    if let name = attributes.owner {
      guard let id = users[name] ?? Self.user(name) else { throw Self.unknown("user", name, place) }
      users[name] = id
      account.owner = id
    }
    if let name = attributes.group {
      guard let id = groups[name] ?? Self.group(name) else { throw Self.unknown("group", name, place) }
      groups[name] = id
      account.group = id
    }
    return account
  }

  private static func unknown(_ kind: String, _ name: String, _ place: String) -> Fault {
    Fault(
      .configuration, "this machine has no \(kind) \(name.debugDescription)", at: place,
      remedy: "make the \(kind), or correct the attributes")
  }

  private static func user(_ name: String) -> uid_t? {
    if let id = uid_t(name), id != .max { return id }
    var (entry, found) = (passwd(), UnsafeMutablePointer<passwd>?.none)
    return withBuffer { getpwnam_r(name, &entry, $0, $1, &found) } && found != nil ? entry.pw_uid : nil
  }

  private static func group(_ name: String) -> gid_t? {
    if let id = gid_t(name), id != .max { return id }
    var (entry, found) = (Glibc.group(), UnsafeMutablePointer<Glibc.group>?.none)
    return withBuffer { getgrnam_r(name, &entry, $0, $1, &found) } && found != nil ? entry.gr_gid : nil
  }

  /// Calls with larger and larger buffers; returns whether one was large enough.
  private static func withBuffer(_ call: (UnsafeMutablePointer<CChar>, Int) -> Int32) -> Bool {
    var size = 4096
    while size <= entryLimit {
      let code = withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { buffer in
        buffer.baseAddress.map { call($0, buffer.count) } ?? EINVAL
      }
      guard code == ERANGE else { return code == 0 }
      size *= 4
    }
    return false
  }
}
