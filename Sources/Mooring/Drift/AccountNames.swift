import Glibc

/// Names of users and groups for people, each looked up once.
struct AccountNames {
  private var users: [uid_t: String] = [:]
  private var groups: [gid_t: String] = [:]

  /// `0:33` as `root:www-data`; a number that has no name stays.
  mutating func names(of owner: String) -> String {
    let parts = owner.split(separator: ":").compactMap { UInt32($0) }
    guard parts.count == 2 else { return owner }
    return "\(user(parts[0])):\(group(parts[1]))"
  }

  private mutating func user(_ id: uid_t) -> String {
    if let known = users[id] { return known }
    let name = Self.name { buffer, size in
      var (entry, found) = (passwd(), UnsafeMutablePointer<passwd>?.none)
      return getpwuid_r(id, &entry, buffer, size, &found) == 0 && found != nil ? entry.pw_name : nil
    }
    users[id] = name ?? "\(id)"
    return users[id] ?? ""
  }

  private mutating func group(_ id: gid_t) -> String {
    if let known = groups[id] { return known }
    let name = Self.name { buffer, size in
      var (entry, found) = (Glibc.group(), UnsafeMutablePointer<Glibc.group>?.none)
      return getgrgid_r(id, &entry, buffer, size, &found) == 0 && found != nil ? entry.gr_name : nil
    }
    groups[id] = name ?? "\(id)"
    return groups[id] ?? ""
  }

  private static func name(
    _ look: (UnsafeMutablePointer<CChar>, Int) -> UnsafeMutablePointer<CChar>?
  ) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64 << 10) { buffer in
      buffer.baseAddress.flatMap { look($0, buffer.count) }.map { String(cString: $0) }
    }
  }
}
