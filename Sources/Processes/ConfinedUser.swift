import Glibc
import Synchronization

/// Users that nobody is, for confined programs of a Mooring that is root: a user of its own each, so that the kernel's
/// limit on a user's processes is the program's, and none can signal another.
enum ConfinedUser {
  /// From 1879048192 up to 2147352575 systemd assigns nothing (https://systemd.io/UIDS-GIDS/); a container seldom has these,
  /// and those below `nobody` in their stead.
  private static let ranges: [(first: UInt32, count: UInt32)] = [(0x7000_0000, 0x0f00_0000), (64_536, 998)]

  private static let counter = Atomic<UInt32>(0)

  /// Apart from those of other processes of this machine too, as far as their process ids are; `nil` where we are root of
  /// a namespace that has no such users.
  static func next() -> UInt32? {
    let turn = UInt32(truncatingIfNeeded: getpid()) &* 4_099 &+ counter.wrappingAdd(1, ordering: .relaxed).oldValue
    return ranges.first { isMapped($0) }.map { $0.first + turn % $0.count }
  }

  /// Whether a range is of our namespace, as users and as groups: user_namespaces(7).
  private static func isMapped(_ range: (first: UInt32, count: UInt32)) -> Bool {
    ["/proc/self/uid_map", "/proc/self/gid_map"].allSatisfy { path in
      lines(of: path).contains { line in
        let fields = line.split(separator: " ").compactMap { UInt64($0) }
        guard fields.count == 3 else { return false }
        return fields[0] <= range.first && UInt64(range.first) + UInt64(range.count) <= fields[0] + fields[2]
      }
    }
  }

  private static func lines(of path: String) -> [Substring] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(file, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: "\n")
  }
}
