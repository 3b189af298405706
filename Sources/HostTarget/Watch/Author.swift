import Glibc
import MooringModel

/// The process that touched something, as it was found in `/proc`.
final class Author: Sendable {
  let process: ProcessRecord
  /// Its ancestors, the parent first, as far as they were there.
  let ancestors: [ProcessRecord]
  /// Where `/proc/PID/exe` led; empty where it led nowhere any more.
  let executableLink: String
  /// Its arguments that are paths below the root.
  let paths: [String]
  /// The script that it runs, where its executable only interprets.
  let script: String?
  /// What `sudo` told it of its user; anybody could have told it.
  let sudoUser: String?
  /// Whether Mooring or a program that it started is meant.
  let isOurs: Bool

  init(
    _ process: ProcessRecord, ancestors: [ProcessRecord] = [], executableLink: String = "", paths: [String] = [],
    script: String? = nil, sudoUser: String? = nil, isOurs: Bool = false
  ) {
    self.process = process
    self.ancestors = ancestors
    self.executableLink = executableLink
    self.paths = paths
    self.script = script
    self.sudoUser = sudoUser
    self.isOurs = isOurs
  }

  /// The same with paths that are known by now.
  func naming(_ paths: [String]) -> Author {
    Author(
      process, ancestors: ancestors, executableLink: executableLink, paths: paths, script: script, sudoUser: sudoUser,
      isOurs: isOurs)
  }

  /// What a process that this one has just begun is.
  func child(_ id: pid_t) -> Author {
    var process = process
    (process.id, process.parent) = (id, self.process.id)
    return Author(
      process, ancestors: [self.process] + ancestors.prefix(Self.ancestorLimit - 1), executableLink: executableLink,
      paths: paths, script: script, sudoUser: sudoUser, isOurs: isOurs)
  }

  static let ancestorLimit = 32

  /// Programs by which one acts in another's name.
  static let elevators: Set<String> = ["sudo", "su", "doas", "pkexec", "runuser", "sudoedit"]

  /// - Parameters:
  ///   - wasSeen: Whether the process was there when it was looked at, and not only earlier.
  ///   - names: Of users.
  func attribution(at time: Timestamp, wasSeen: Bool = true, names: inout UserNames) -> Attribution {
    let (login, isCertain) = login(&names)
    return Attribution(
      certainty: isCertain && wasSeen ? .certain : .likely, login: login, user: names[process.effectiveUser],
      program: script ?? process.program, executable: process.executable, arguments: paths, process: process.id,
      elevated: elevation != nil, at: time)
  }

  /// Where among the ancestors the nearest elevator is; -1 of the process itself.
  private var elevation: Int? {
    if Self.elevators.contains(process.program) { return -1 }
    return ancestors.firstIndex { Self.elevators.contains($0.program) }
  }

  /// Who logged in: what the kernel keeps through `sudo` and `su` (audit's login user). Where nobody set that, the user
  /// behind the elevator, by the ancestors, is certain too; what `sudo` left in the environment is not.
  private func login(_ names: inout UserNames) -> (String?, isCertain: Bool) {
    if let login = process.login { return (names[login], true) }
    guard elevation != nil || process.effectiveUser == 0 else { return (nil, true) }
    let behind = ancestors.dropFirst((elevation ?? -1) + 1)
    if let user = behind.first(where: { $0.realUser != 0 })?.realUser { return (names[user], true) }
    return elevation == nil ? (nil, true) : (sudoUser, sudoUser == nil)
  }
}

/// Names of users by number, each looked up once.
struct UserNames {
  /// Numbers that are remembered.
  private static let limit = 4096
  private var names: [uid_t: String] = [:]

  /// The number itself where this machine has no such user.
  subscript(user: uid_t) -> String {
    mutating get {
      if let name = names[user] { return name }
      if names.count >= Self.limit { names = [:] }
      let name = Self.lookUp(user) ?? "\(user)"
      names[user] = name
      return name
    }
  }

  private static func lookUp(_ user: uid_t) -> String? {
    var (entry, found) = (passwd(), UnsafeMutablePointer<passwd>?.none)
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64 << 10) { buffer in
      guard let start = buffer.baseAddress, getpwuid_r(user, &entry, start, buffer.count, &found) == 0, found != nil
      else { return nil }
      return String(cString: entry.pw_name)
    }
  }
}
