import Glibc

/// Keeps the input that is being tried in a file: it is still there when the program has crashed over it.
struct CurrentInput {
  private let descriptor: Int32

  init?(path: String) {
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    if descriptor < 0 { return nil }
  }

  func set(_ input: [UInt8]) {
    _ = ftruncate(descriptor, off_t(input.count))
    _ = pwrite(descriptor, input, input.count, 0)
  }
}
