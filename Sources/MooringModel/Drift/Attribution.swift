/// Who changed something, with what, and when, as far as that is known.
public struct Attribution: Hashable, Sendable, Codable {
  public enum Certainty: String, Sendable {
    /// The kernel, or the API server's record, named the process or the user at the moment of the change.
    case certain
    /// Inferred: the owner of a new file, the only user who was logged in, a name that a client gives itself.
    case likely
    /// Nothing says it.
    case unknown
  }

  public var certainty: Certainty
  /// Who logged in, also behind `sudo`: the kernel's login user, where it is set. Of a cluster, whom the API server
  /// knows the request to be from.
  public var login: String?
  /// In whose name the process acted: `root`. Of a cluster, whom the request impersonated.
  public var user: String?
  /// The program's name: `vim`; of a cluster what the client says that it is: `kubectl edit`, or the field manager.
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
  /// What the API server recorded, where that is how it is known.
  public var request: AttributedRequest?

  public init(
    certainty: Certainty, login: String? = nil, user: String? = nil, program: String? = nil, executable: String? = nil,
    arguments: [String] = [], process: Int32? = nil, elevated: Bool = false, at: Timestamp? = nil,
    request: AttributedRequest? = nil
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
    self.request = request
  }

  /// Of what nobody saw.
  public static let unknown = Attribution(certainty: .unknown)

  /// The person, as far as one can be named.
  public var person: String? { login ?? user }
}

extension Attribution.Certainty: Codable {
  /// What journals of before the word `likely` say.
  private static let formerly = ["probable": Self.likely]

  public init(from decoder: any Decoder) throws {
    let text = try String(from: decoder)
    guard let certainty = Self(rawValue: text) ?? Self.formerly[text] else {
      throw Fault(.journal, "not how sure anybody is: \(text.prefix(40).debugDescription)")
    }
    self = certainty
  }

  public func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }
}

extension Attribution: CustomStringConvertible {
  /// `ann (vim, sudo)`, `ann as deployer (kubectl edit)`, `probably ann`, `somebody`.
  public var description: String {
    let means = [program, elevated ? "sudo" : nil].compactMap { $0 }.joined(separator: ", ")
    let impersonated = request == nil ? nil : user.map { " as \($0)" }
    let who = (person ?? "somebody") + (impersonated ?? "") + (means.isEmpty ? "" : " (\(means))")
    return certainty == .likely ? "probably \(who)" : who
  }
}
