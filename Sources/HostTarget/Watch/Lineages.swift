import Glibc

/// Who is whose descendant. Reading it from `/proc` takes several times as long as the process itself, and some don't live
/// that long; so what was read of an ancestor is kept for as long as the kernel would tell that it is another.
struct Lineages {
  struct Lineage {
    /// The process, and its ancestors, the parent first.
    var records: [ProcessRecord]
    /// Whether one of them is Mooring: this process, or another that runs the same program.
    var areOurs: Bool
  }

  /// Processes that are kept.
  private static let limit = 4096
  private var known: [pid_t: Lineage] = [:]
  private let own: pid_t
  private let ownProgram: FileIdentity?

  init(own: pid_t) {
    self.own = own
    ownProgram = own == getpid() ? FileIdentity("/proc/self/exe") : nil
  }

  /// The process may be another, or run another program.
  mutating func forget(_ process: pid_t) { known[process] = nil }
  mutating func forgetAll() { known = [:] }

  /// - Parameter isTold: Whether `forget` is called of every process that ends or becomes another.
  mutating func ancestors(of process: ProcessRecord, isTold: Bool) -> Lineage {
    if !isTold { forgetAll() }
    guard let elder = Self.elder(of: process, known) else { return Lineage(records: [], areOurs: false) }
    return lineage(of: elder, isTold: isTold, depth: 0)
  }

  func isOwn(_ id: pid_t, in folder: borrowing ProcessFolder) -> Bool {
    if id == own { return true }
    guard let ownProgram else { return false }
    return FileIdentity("exe", in: folder.descriptor) == ownProgram
  }

  private mutating func lineage(of id: pid_t, isTold: Bool, depth: Int) -> Lineage {
    if let found = known[id] { return found }
    guard depth < Author.ancestorLimit, let folder = ProcessFolder(id),
      var record = ProcessRecord(id: id, status: folder.read("status"))
    else { return Lineage(records: [], areOurs: false) }
    // The short name is the process's own choice; the executable isn't.
    if Author.elevators.contains(record.name) { record.executable = folder.executable }
    var found = Lineage(records: [record], areOurs: isOwn(id, in: folder))
    if !found.areOurs, let elder = Self.elder(of: record, known) {
      let above = lineage(of: elder, isTold: isTold, depth: depth + 1)
      found = Lineage(
        records: [record] + above.records.prefix(Author.ancestorLimit - 1), areOurs: above.areOurs)
    }
    if known.count >= Self.limit { known = [:] }
    if isTold { known[id] = found }
    return found
  }

  /// The parent; where that has ended and init or the like has taken its place, the session's leader.
  private static func elder(of child: ProcessRecord, _ known: [pid_t: Lineage]) -> pid_t? {
    guard child.parent > 0 else { return nil }
    guard let session = child.session, session != child.id, session != child.parent else { return child.parent }
    let parent = known[child.parent]?.records.first ?? ProcessRecord(reading: child.parent)
    return parent?.session != session && ProcessRecord(reading: session) != nil ? session : child.parent
  }
}
