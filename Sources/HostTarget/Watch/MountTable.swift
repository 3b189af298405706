import Glibc

/// The mounts that a process sees; see proc_pid_mountinfo(5).
final class MountTable {
  /// `/proc/self/mountinfo`: has exceptional news where anything was mounted or unmounted; -1 where there is none.
  let descriptor = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The lines of mounts at a path, on the way to it and below it.
  func lines(concerning paths: [[UInt8]]) -> Set<[UInt8]> {
    let lines = read().split(separator: UInt8(ascii: "\n"))
    return Set(
      lines.filter { line in
        guard let point = Self.point(of: line) else { return false }
        return paths.contains { Self.concerns(point, $0) }
      }.map(Array.init))
  }

  private func read() -> [UInt8] {
    guard descriptor >= 0, lseek(descriptor, 0, SEEK_SET) == 0 else { return [] }
    var text: [UInt8] = []
    withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
      while true {
        let size = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        guard size > 0 else { return }
        text += buffer[..<size]
      }
    }
    return text
  }

  /// Where a line's file system is mounted; `/` as nothing.
  static func point(of line: some Collection<UInt8>) -> [UInt8]? {
    let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
    guard fields.count > 4 else { return nil }
    let point = unescape(Array(fields[4]))
    return point == [UInt8(ascii: "/")] ? [] : point
  }

  /// Blanks, tabs, newlines and backslashes are written as `\` and three octal digits.
  private static func unescape(_ field: [UInt8]) -> [UInt8] {
    var (result, rest) = ([UInt8](), field[...])
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), rest.count >= 3,
        let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
      else {
        result.append(byte)
        continue
      }
      result.append(code)
      rest = rest.dropFirst(3)
    }
    return result
  }

  private static func concerns(_ point: [UInt8], _ path: [UInt8]) -> Bool {
    let slash = UInt8(ascii: "/")
    return (path + [slash]).starts(with: point + [slash]) || point.starts(with: path + [slash])
  }
}
