import CLinux
import Glibc

/// What `/proc` says of a process; see proc(5).
struct ProcessRecord: Sendable, Hashable {
  var id: pid_t
  var parent: pid_t
  /// The kernel's short name, at most 15 bytes, which the process may have chosen.
  var name: String
  var realUser: uid_t
  var effectiveUser: uid_t
  /// audit's login user; `nil` where nobody logged in.
  var login: uid_t?
  /// Without it (the process is ending) only the rest is known.
  var executable: String?

  /// The executable's name, or else the short one.
  var program: String { executable.flatMap { $0.split(separator: "/").last.map(String.init) } ?? name }

  /// The process that leads its session, which it can only have from whoever began it; `nil` where that isn't told.
  var session: pid_t?

  /// Reads `status`, by lines.
  init?(id: pid_t, status: [UInt8]) {
    var fields: [String: Substring] = [:]
    for line in status.split(separator: UInt8(ascii: "\n")) {
      guard let key = Self.keys.first(where: { line.starts(with: $0.utf8) }) else { continue }
      fields[key] = Substring(decoding: line.dropFirst(key.utf8.count), as: UTF8.self).drop { $0 == "\t" }
      if key == Self.keys.last { break }
    }
    let users = fields["Uid:"]?.split { $0 == "\t" || $0 == " " } ?? []
    guard let parent = fields["PPid:"].flatMap({ pid_t($0) }), users.count >= 2, let real = uid_t(users[0]),
      let effective = uid_t(users[1])
    else { return nil }
    self.id = id
    self.parent = parent
    name = fields["Name:"].map(String.init) ?? ""
    realUser = real
    effectiveUser = effective
    session = fields["NSsid:"]?.split(separator: "\t").first.flatMap { pid_t($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  /// `nil` where there is no such process.
  init?(reading id: pid_t) {
    guard let folder = ProcessFolder(id) else { return nil }
    self.init(id: id, status: folder.read("status"))
  }

  /// In the order in which they come.
  private static let keys = ["Name:", "PPid:", "Uid:", "NSsid:"]
}

/// The folder of a process in `/proc`. What is read through it is of that process, or nothing: never of another that
/// got its number.
struct ProcessFolder: ~Copyable {
  let descriptor: Int32

  init?(_ id: pid_t) {
    descriptor = open("/proc/\(id)", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { return nil }
  }

  deinit { close(descriptor) }

  /// The beginning of a file; empty where it can't be read.
  borrowing func read(_ name: StaticString, limit: Int = 4096) -> [UInt8] {
    let file = name.withUTF8Buffer { name in
      name.withMemoryRebound(to: CChar.self) { name in
        name.baseAddress.map { openat(descriptor, $0, O_RDONLY | O_CLOEXEC) } ?? -1
      }
    }
    guard file >= 0 else { return [] }
    defer { close(file) }
    return [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      count = 0
      while count < limit, let start = buffer.baseAddress {
        let size = Glibc.read(file, start + count, limit - count)
        guard size > 0 else { break }
        count += size
      }
    }
  }

  /// Where a link leads; empty where it can't be read.
  borrowing func link(_ name: StaticString) -> [UInt8] {
    let size = Int(PATH_MAX)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      let found = name.withUTF8Buffer { name in
        name.withMemoryRebound(to: CChar.self) { name in
          buffer.withMemoryRebound(to: CChar.self) { target in
            guard let name = name.baseAddress, let target = target.baseAddress else { return -1 }
            return readlinkat(descriptor, name, target, size)
          }
        }
      }
      count = max(0, found)
    }
  }

  /// The path of its executable, as it is or was.
  var executable: String? { Self.path(link("exe")) }

  /// The path that a link `exe` holds; `nil` of an empty one.
  static func path(_ link: [UInt8]) -> String? {
    if link.isEmpty { return nil }
    let path = String(decoding: link, as: UTF8.self)
    let suffix = " (deleted)"
    return path.hasSuffix(suffix) ? String(path.dropLast(suffix.count)) : path
  }
}
