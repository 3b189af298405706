import CLinux
import Glibc
import MooringModel

/// Finds out who a process is, as soon as the kernel names it, and remembers it for a moment, since many are gone by their
/// last event. Used by one thread.
///
/// Nothing here asks the user database, which may be slow: only `/proc`.
final class AuthorFinder {
  /// Processes that are remembered.
  private static let limit = 256
  /// How long what was found out of a process that is gone is believed, in milliseconds: its number may go to another.
  private static let memory: Int64 = 1000
  private static let ancestorLimit = 32

  private struct Memory {
    var author: Author
    /// pidfs's number of the process, never given twice; 0 where the kernel (before 6.9) has none.
    var identity: UInt64
    var at: Timestamp
  }

  private let paths: PathsBelow
  /// The process whose descendants are ours.
  private let own: pid_t
  private let ownProgram: FileIdentity?
  private var remembered: [pid_t: Memory] = [:]

  init(root: String, own: pid_t = getpid()) {
    paths = PathsBelow(root)
    self.own = own
    ownProgram = own == getpid() ? FileIdentity("/proc/self/exe") : nil
  }

  /// - Parameters:
  ///   - pidfd: -1 of a process that is gone, -2 where the kernel gives none.
  ///   - name: What was touched, by its last component.
  /// - Returns: `nil` where the process was gone before anything could be read of it.
  func author(of process: pid_t, pidfd: Int32, touching name: FileName?, now: Timestamp) -> Author? {
    guard process > 0 else { return nil }
    let identity = pidfd >= 0 ? FileIdentity(descriptor: pidfd)?.inode ?? 0 : 0
    if let known = remembered[process], isStill(known, identity, pidfd, now) {
      remembered[process]?.at = now
      return known.author
    }
    guard pidfd != -1, let author = look(at: process, pidfd, name) else { return nil }
    remember(Memory(author: author, identity: identity, at: now), process, now)
    return author
  }

  /// Whether what is remembered is of this process, and of the program that it runs now.
  private func isStill(_ known: Memory, _ identity: UInt64, _ pidfd: Int32, _ now: Timestamp) -> Bool {
    if pidfd == -1 { return now.milliseconds - known.at.milliseconds < Self.memory }
    guard identity == known.identity, let folder = ProcessFolder(process(known)) else { return false }
    let executable = folder.link("exe")
    // One that is ending has none any more.
    return executable.isEmpty || String(decoding: executable, as: UTF8.self) == known.author.executableLink
  }

  private func process(_ known: Memory) -> pid_t { known.author.process.id }

  private func remember(_ memory: Memory, _ process: pid_t, _ now: Timestamp) {
    if remembered.count >= Self.limit {
      remembered = remembered.filter { now.milliseconds - $0.value.at.milliseconds < Self.memory }
      if remembered.count >= Self.limit { remembered = [:] }
    }
    remembered[process] = memory
  }

  /// What goes first as a process ends is read first.
  private func look(at id: pid_t, _ pidfd: Int32, _ name: FileName?) -> Author? {
    guard let folder = ProcessFolder(id), pidfd < 0 || mooring_is_process(pidfd) != 0 else { return nil }
    let executable = folder.link("exe")
    let command = folder.read("cmdline", limit: 16 << 10)
    let place = folder.link("cwd")
    guard var process = ProcessRecord(id: id, status: folder.read("status")) else { return nil }
    process.login = Self.login(folder.read("loginuid"))
    process.executable = Self.path(executable)
    let (ancestors, areOurs) = ancestors(of: process)
    let arguments = command.split(separator: 0).map { Array($0) }
    let environment = Self.needsEnvironment(process, ancestors) ? folder.read("environ", limit: 128 << 10) : []
    return Author(
      process, ancestors: ancestors, executableLink: String(decoding: executable, as: UTF8.self),
      paths: paths.select(from: arguments, at: place, touching: name),
      script: ScriptName.find(in: arguments, of: process.program, at: place),
      sudoUser: SudoUser.find(in: environment),
      isOurs: id == own || areOurs || isOwnProgram(folder))
  }

  /// Only where nothing else says who is behind `sudo`.
  private static func needsEnvironment(_ process: ProcessRecord, _ ancestors: [ProcessRecord]) -> Bool {
    process.login == nil && ancestors.contains { $0.program == "sudo" } && ancestors.allSatisfy { $0.realUser == 0 }
  }

  private func isOwnProgram(_ folder: borrowing ProcessFolder) -> Bool {
    guard let ownProgram else { return false }
    return FileIdentity("exe", in: folder.descriptor) == ownProgram
  }

  /// - Returns: Also whether Mooring is among them: this process, or another that runs the same program.
  private func ancestors(of process: ProcessRecord) -> ([ProcessRecord], areOurs: Bool) {
    var (found, id) = ([ProcessRecord](), process.parent)
    while id > 0, found.count < Self.ancestorLimit, let folder = ProcessFolder(id),
      var parent = ProcessRecord(id: id, status: folder.read("status"))
    {
      // The short name is the process's own choice; the executable isn't.
      if Author.elevators.contains(parent.name) { parent.executable = Self.path(folder.link("exe")) }
      found.append(parent)
      if id == own || isOwnProgram(folder) { return (found, true) }
      id = parent.parent
    }
    return (found, false)
  }

  private static func login(_ bytes: [UInt8]) -> uid_t? {
    uid_t(String(decoding: bytes, as: UTF8.self)).flatMap { $0 == .max ? nil : $0 }
  }

  private static func path(_ link: [UInt8]) -> String? {
    if link.isEmpty { return nil }
    let path = String(decoding: link, as: UTF8.self)
    let suffix = " (deleted)"
    return path.hasSuffix(suffix) ? String(path.dropLast(suffix.count)) : path
  }
}

/// What tells one file from another.
struct FileIdentity: Hashable {
  var device: UInt64
  var inode: UInt64

  /// Of what a path leads to, links followed.
  init?(_ path: String, in folder: Int32 = AT_FDCWD) {
    var status = stat()
    guard fstatat(folder, path, &status, 0) == 0 else { return nil }
    self.init(status)
  }

  init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }
}
