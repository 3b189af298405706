import Glibc

/// The machine's present boot. What was written before it may be lost where nobody had synced it.
enum MachineBoot {
  /// Linux's `boot_id`; of this process alone where that can't be read.
  static let identifier: String = {
    let descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "unknown-\(getpid())" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 36)
    guard read(descriptor, &bytes, bytes.count) == bytes.count else { return "unknown-\(getpid())" }
    return String(decoding: bytes, as: UTF8.self)
  }()
}
