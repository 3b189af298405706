/// Who changed something, with what, and when, as far as that is known.
public struct Attribution: Hashable, Sendable, Codable {
  public enum Certainty: String, Sendable, Codable {
    /// The kernel, or the API server's record, named the process or the user at the moment of the change.
    case certain
    /// Inferred: the owner of a new file, the only user who was logged in.
    case probable
  }

  public var certainty: Certainty
  /// Who logged in, also behind `sudo`: the kernel's login user, where it is set.
  public var login: String?
  /// In whose name the process acted: `root`.
  public var user: String?
  /// The program's name: `vim`, of a cluster the field manager.
  public var program: String?
  /// The absolute path of its executable.
  public var executable: String?
  /// Of its arguments those that are paths below the root, and nothing else: the rest may hold secrets.
  public var arguments: [String]
  public var process: Int32?
  /// Whether it went through `sudo`, `su` or `doas`.
  public var elevated: Bool
  /// When the change was seen.
  public var at: Timestamp?

  public init(
    certainty: Certainty, login: String? = nil, user: String? = nil, program: String? = nil, executable: String? = nil,
    arguments: [String] = [], process: Int32? = nil, elevated: Bool = false, at: Timestamp? = nil
  ) {
    self.certainty = certainty
    self.login = login
    self.user = user
    self.program = program
    self.executable = executable
    self.arguments = arguments
    self.process = process
    self.elevated = elevated
    self.at = at
  }

  /// The person, as far as one can be named.
  public var person: String? { login ?? user }
}

extension Attribution: CustomStringConvertible {
  /// `ann (vim, sudo)`, `probably ann`.
  public var description: String {
    let means = [program, elevated ? "sudo" : nil].compactMap { $0 }.joined(separator: ", ")
    let who = (person ?? "somebody") + (means.isEmpty ? "" : " (\(means))")
    return certainty == .certain ? who : "probably \(who)"
  }
}

/// Something that a target's watch has seen happen.
public struct LiveChange: Sendable, Hashable {
  /// What was touched; `nil` where events were lost, and everything has to be looked at.
  public var object: ObjectName?
  /// Who did it; `nil` where the watch can't tell.
  public var by: Attribution?
  /// Whether a program that Mooring itself started did it.
  public var isOurs: Bool
  public var at: Timestamp

  public init(object: ObjectName?, by: Attribution? = nil, isOurs: Bool = false, at: Timestamp) {
    self.object = object
    self.by = by
    self.isOurs = isOurs
    self.at = at
  }
}

/// How a target is watched, for `mooring drift --explain` and the log.
public enum WatchMeans: Sendable, Hashable {
  /// Changes are seen with the process that made them.
  case processes
  /// Changes are seen, and objects say which program made them.
  case managers
  /// Changes are seen, and not who made them; `reason` says why.
  case changes(reason: String)
  /// Only scans; `reason` says why, and what to do.
  case scans(reason: String)
}
