import FoundationEssentials
import MooringModel
import Processes
import Synchronization

/// Carries transfers out in a child process of this program, so that a remote that never answers, a crash or a leak in
/// there ends with the child.
public struct TransferProcess: Transfer {
  /// The program and the arguments that make it serve one transfer.
  private let arguments: [String]

  public init(arguments: [String]) { self.arguments = arguments }

  public func carryOut(
    _ request: TransferRequest, within limit: Duration, progress: @escaping @Sendable (TransferReply) -> Void
  ) async throws -> TransferReply {
    let input = try Array(JSONEncoder().encode(request)) + [UInt8(ascii: "\n")]
    let last = LastReply()
    let program = Program(
      arguments, timeLimit: limit, graceBeforeKill: .milliseconds(200))
    let outcome = try await run(program, input: input) { line in
      guard let reply = try? JSONDecoder().decode(TransferReply.self, from: Data(line.utf8)) else { return }
      if case .progress = reply { progress(reply) } else { last.set(reply) }
    }
    if outcome.termination == .timedOut {
      throw Fault(
        .timeout, "the remote did not answer within \(limit)", at: Redaction.url(request.url),
        remedy: "see whether it can be reached; `timeout` of the repository gives it longer")
    }
    guard let reply = last.reply else {
      throw Fault(
        .remote, "the transfer ended without an answer (\(outcome.termination)): \(outcome.output.suffix(500))",
        at: Redaction.url(request.url))
    }
    return try reply.checked(of: request)
  }
}

extension TransferReply {
  /// - Throws: `Fault` where the transfer failed.
  func checked(of request: TransferRequest) throws(Fault) -> TransferReply {
    guard case .failed(let message, let isRemote) = self else { return self }
    throw Fault(isRemote ? .remote : .repository, message, at: Redaction.url(request.url))
  }
}

/// The last line that a child said.
private final class LastReply: Sendable {
  private let last = Mutex<TransferReply?>(nil)

  var reply: TransferReply? { last.withLock { $0 } }
  func set(_ reply: TransferReply) { last.withLock { $0 = reply } }
}

/// Takes secrets out of what is shown.
enum Redaction {
  /// A URL without user, password and query.
  static func url(_ url: String) -> String {
    guard let scheme = url.firstRange(of: "://") else { return url }
    let rest = url[scheme.upperBound...]
    let authority = rest.prefix { $0 != "/" }
    guard let at = authority.lastIndex(of: "@") else { return url }
    return url[..<scheme.upperBound] + "…" + rest[at...]
  }
}
