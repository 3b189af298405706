import CLinux
import Glibc

/// What the kernel tells of all processes of the machine: who begins whom, who runs another program, who ends; see
/// Documentation/driver-api/connector.rst of Linux. Needs `CAP_NET_ADMIN` and the machine's own process numbers.
final class ProcessEvents {
  enum Event: Equatable {
    case forked(child: pid_t, parent: pid_t)
    /// Runs another program, or in another user's name.
    case became(pid_t)
    case ended(pid_t)
    /// Some were lost.
    case lost
  }

  let descriptor: Int32

  /// The kernel's number of the first pid namespace, `PROC_PID_INIT_INO`; others number processes differently.
  private static let firstNamespace: UInt64 = 0xEFFF_FFFC

  /// `nil` where they aren't to be had.
  init?() {
    guard FileIdentity("/proc/self/ns/pid")?.inode == Self.firstNamespace else { return nil }
    descriptor = mooring_process_events()
    if descriptor < 0 { return nil }
  }

  deinit { close(descriptor) }

  /// The next one; `nil` where there is none yet.
  func next() -> Event? {
    while true {
      var raw = mooring_process_event()
      if mooring_process_event(descriptor, &raw) != 0 {
        if errno == EINTR { continue }
        return errno == ENOBUFS ? .lost : nil
      }
      switch Int(raw.what) {
      case MOORING_PROCESS_FORKED: return .forked(child: raw.process, parent: raw.parent)
      case MOORING_PROCESS_BECAME: return .became(raw.process)
      case MOORING_PROCESS_ENDED: return .ended(raw.process)
      default: continue
      }
    }
  }
}
