import Glibc

/// A process and all that descend from it, as `/proc` shows them.
///
/// In a namespace of processes whoever loses its parent becomes a child of the first, so nobody gets away.
struct ProcessFamily {
  let leader: pid_t

  /// Bytes that they hold in memory, shared pages counted for each: `rss` of proc_pid_stat(5).
  func residentBytes() -> Int {
    var children: [pid_t: [pid_t]] = [:]
    var pages: [pid_t: Int] = [:]
    for process in Self.all() {
      guard let status = Self.status(of: process) else { continue }
      children[status.parent, default: []].append(process)
      pages[process] = status.pages
    }
    var sum = 0
    var waiting = [leader]
    var seen: Set<pid_t> = []
    while let process = waiting.popLast() {
      guard seen.insert(process).inserted else { continue }
      sum += pages[process] ?? 0
      waiting += children[process] ?? []
    }
    return sum * Int(getpagesize())
  }

  private static func all() -> [pid_t] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var processes: [pid_t] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if let process = pid_t(name) { processes.append(process) }
    }
    return processes
  }

  /// The name stands in parentheses and may hold any; fields are counted from the last one on: state, ppid, …, and rss
  /// as the 22nd.
  private static func status(of process: pid_t) -> (parent: pid_t, pages: Int)? {
    let file = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = read(file, &bytes, bytes.count)
    guard count > 0, let end = bytes[..<count].lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = String(decoding: bytes[(end + 1)..<count], as: UTF8.self).split(separator: " ")
    guard fields.count > 21, let parent = pid_t(fields[1]), let pages = Int(fields[21]) else { return nil }
    return (parent, pages)
  }
}
