import CLinux
import Glibc
import MooringModel

/// Finds out who a process is, as soon as the kernel names it, and remembers it, since many are gone by their last event,
/// and some by their first. Where the kernel tells of all processes, each is looked at when it begins a program, before it
/// can have touched anything. `Authors` has it used by one thread at a time.
///
/// Nothing here asks the user database, which may be slow: only `/proc`.
final class AuthorFinder {
  private var paths = PathsBelow()
  private let events: ProcessEvents?
  /// Whether there was any event, and so what changes of a process is told.
  private var isTold = false
  private var memory = ProcessMemory(limit: 4096)
  private var lineages: Lineages
  /// Looks at programs that begin, each of about 0.1 ms: on a machine that begins more, not all are looked at.
  private var looks = RateLimit(perSecond: 1000)

  /// - Parameters:
  ///   - own: The process whose descendants are ours.
  ///   - events: `nil` where processes are to be looked at only when they have touched something.
  init(own: pid_t, events: sending ProcessEvents?) {
    lineages = Lineages(own: own)
    self.events = events
  }

  /// From now on paths below this root are picked from command lines, too.
  func begin(_ root: PathsBelow.Root) {
    paths.insert(root)
    // What is remembered was picked without it.
    memory.forgetAll()
  }

  func end(_ root: PathsBelow.Root) { paths.remove(root) }

  /// Looks at the programs that have begun.
  func follow() {
    guard let events else { return }
    let now = ContinuousClock.now
    while let event = events.next() {
      isTold = true
      switch event {
      case .forked(let child, let parent):
        lineages.forget(child)
        memory.fork(parent, to: child, at: now)
      case .became(let process): meet(process, at: now)
      case .ended(let process):
        lineages.forget(process)
        memory.end(process, at: now)
      case .lost:
        lineages.forgetAll()
        memory.forgetAll()
      }
    }
  }

  private func meet(_ process: pid_t, at now: ContinuousClock.Instant) {
    lineages.forget(process)
    memory.forget(process)
    guard looks.admits(at: now), let entry = look(at: process, -2, at: now) else { return }
    memory.remember(entry, as: process)
  }

  /// - Parameters:
  ///   - pidfd: -1 of a process that is gone, -2 where the kernel gives none.
  ///   - root: Below which it touched something.
  ///   - name: What was touched, by its last component.
  /// - Returns: `nil` where the process was gone before anything could be read of it.
  func author(
    of process: pid_t, pidfd: Int32, below root: PathsBelow.Root, touching name: FileName?,
    at now: ContinuousClock.Instant
  ) -> Author? {
    guard process > 0 else { return nil }
    let identity = pidfd >= 0 ? FileIdentity(descriptor: pidfd)?.inode : nil
    if memory[process].map({ isStill($0, identity, pidfd, now) }) != true {
      guard pidfd != -1, let entry = look(at: process, pidfd, at: now) else { return nil }
      memory.remember(entry, as: process)
    }
    return memory.confirm(process, identity, at: now, below: root, touching: name)
  }

  /// Whether what is remembered is of this process, and of the program that it runs now.
  private func isStill(
    _ known: ProcessMemory.Entry, _ identity: UInt64?, _ pidfd: Int32, _ now: ContinuousClock.Instant
  ) -> Bool {
    let process = known.author.process
    if pidfd == -1 {
      // Another one has its number by now.
      if kill(process.id, 0) == 0 { return false }
      return isTold && known.ended == nil || now - (known.ended ?? known.seen) < ProcessMemory.span
    }
    if known.ended != nil { return false }
    if let identity, let before = known.identity, identity != before { return false }
    // Of one read's notices each process is looked at once.
    if isTold || known.seen == now { return true }
    guard let folder = ProcessFolder(process.id) else { return false }
    let executable = folder.link("exe")
    // One that is ending has none any more.
    if executable.isEmpty { return true }
    guard let record = ProcessRecord(id: process.id, status: folder.read("status")) else { return false }
    return String(decoding: executable, as: UTF8.self) == known.author.executableLink
      && record.realUser == process.realUser && record.effectiveUser == process.effectiveUser
  }

  /// What goes first as a process ends is read first.
  private func look(at id: pid_t, _ pidfd: Int32, at now: ContinuousClock.Instant) -> ProcessMemory.Entry? {
    guard let folder = ProcessFolder(id), pidfd < 0 || mooring_is_process(pidfd) != 0 else { return nil }
    let executable = folder.link("exe")
    let command = folder.read("cmdline", limit: 16 << 10)
    let place = folder.link("cwd")
    let (status, login) = (folder.read("status"), folder.read("loginuid"))
    // It was gone before all was read.
    guard var process = ProcessRecord(id: id, status: status) else { return nil }
    process.login = Self.login(login)
    process.executable = ProcessFolder.path(executable)
    let isOwn = lineages.isOwn(id, in: folder)
    let lineage = lineages.ancestors(of: process, isTold: isTold)
    let arguments = command.split(separator: 0).map { Array($0) }
    let environment = Self.needsEnvironment(process, lineage.records) ? folder.read("environ", limit: 128 << 10) : []
    let author = Author(
      process, ancestors: lineage.records, executableLink: String(decoding: executable, as: UTF8.self),
      script: ScriptName.find(in: arguments, of: process.program, at: place),
      sudoUser: SudoUser.find(in: environment), isOurs: isOwn || lineage.areOurs)
    return ProcessMemory.Entry(author: author, candidates: paths.candidates(in: arguments, at: place), seen: now)
  }

  /// Only where nothing else says who is behind `sudo`.
  private static func needsEnvironment(_ process: ProcessRecord, _ ancestors: [ProcessRecord]) -> Bool {
    process.login == nil && ancestors.contains { $0.program == "sudo" } && ancestors.allSatisfy { $0.realUser == 0 }
  }

  private static func login(_ bytes: [UInt8]) -> uid_t? {
    uid_t(String(decoding: bytes, as: UTF8.self)).flatMap { $0 == .max ? nil : $0 }
  }
}
