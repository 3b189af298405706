import Glibc
import Synchronization

/// Users that nobody is, for confined programs of a Mooring that is root: a user of its own each, so that the kernel's
/// limit on a user's processes is the program's, and none can signal another.
enum ConfinedUser {
  /// From 1879048192 up to 2147352575 systemd assigns nothing (https://systemd.io/UIDS-GIDS/).
  private static let first: UInt32 = 0x7000_0000
  private static let count: UInt32 = 0x0f00_0000

  private static let counter = Atomic<UInt32>(0)

  /// Apart from those of other processes of this machine too, as far as their process ids are.
  static func next() -> UInt32 {
    let turn = counter.wrappingAdd(1, ordering: .relaxed).oldValue
    return first + (UInt32(truncatingIfNeeded: getpid()) &* 4_099 &+ turn) % count
  }
}
