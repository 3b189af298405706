import FoundationEssentials
import GitRemotes
import MooringModel
import Processes
import Synchronization

/// Carries transfers out in child processes of this program, so that a remote that never answers, a crash or a leak in
/// there ends with the child.
///
/// A child serves one remote only, and may stay for the next transfer with it: what a hostile remote did to it meets no
/// other's credentials. It is replaced when it fails, and after ``TransferChildren/mostTransfers`` in any case.
public final class TransferProcess: Transfer {
  /// The program and the arguments that make it serve transfers.
  private let arguments: [String]
  private let children = Mutex(TransferChildren())

  public init(arguments: [String]) { self.arguments = arguments }

  public func carryOut(
    _ request: TransferRequest, within limit: Duration, progress: @escaping @Sendable (TransferReply) -> Void
  ) async throws -> TransferReply {
    let line = try Self.input(of: request)
    if let child = children.withLock({ $0.take(for: request.url) }) {
      // One that ended while it waited has done nothing: it is asked again.
      if let reply = try await ask(child, request, line, limit, progress, mayBeGone: true) { return reply }
    }
    let child = TransferChild(try ServingProgram(Program(arguments, timeLimit: limit)))
    guard let reply = try await ask(child, request, line, limit, progress, mayBeGone: false) else {
      throw Fault(.unexpected, "the transfer ended without an answer", at: Redaction.url(request.url))
    }
    return reply
  }

  private func ask(
    _ child: TransferChild, _ request: TransferRequest, _ line: [UInt8], _ limit: Duration,
    _ progress: @escaping @Sendable (TransferReply) -> Void, mayBeGone: Bool
  ) async throws -> TransferReply? {
    let last = LastReply()
    let ending = try await child.program.ask(line, within: limit) { line in
      guard let reply = try? JSONDecoder().decode(TransferReply.self, from: Data(line.utf8)) else { return false }
      if case .progress = reply {
        progress(reply)
        return false
      }
      last.set(reply)
      return true
    }
    switch ending {
    case .timedOut: throw timeout(request, limit)
    case .ended where mayBeGone: return nil
    case .ended(let termination, let said):
      throw Fault(
        .remote, "the transfer ended without an answer (\(termination)): \(said.suffix(500))",
        at: Redaction.url(request.url))
    case .answered:
      let reply = try last.reply?.checked(of: request)
      children.withLock { $0.keep(child, for: request.url) }
      return reply
    }
  }

  private func timeout(_ request: TransferRequest, _ limit: Duration) -> Fault {
    Fault(
      .timeout, "the remote did not answer within \(limit)", at: Redaction.url(request.url),
      remedy: "see whether it can be reached; `timeout` of the repository gives it longer")
  }
}

extension TransferProcess {
  /// The request, and behind it what the child's scrubbed environment doesn't have.
  private static func input(of request: TransferRequest) throws -> [UInt8] {
    var request = request
    let environment = ProcessInfo.processInfo.environment
    if request.access.ssh?.agent == true { request.access.ssh?.agentSocket = environment["SSH_AUTH_SOCK"] }
    var input = try Array(JSONEncoder().encode(request))
    guard case .environment? = request.access.token, let token = request.access.token else { return input }
    do throws(RemoteError) {
      input += try [UInt8(ascii: "\n")] + token.read(environment: environment).withText { Array($0.utf8) }
    } catch {
      throw Fault(.configuration, error.message, at: Redaction.url(request.url), remedy: error.remedy)
    }
    return input
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
