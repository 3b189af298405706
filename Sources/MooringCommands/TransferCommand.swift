import ArgumentParser
import CLinux
import FoundationEssentials
import Git
import GitRemotes
import Mooring
import MooringModel

/// Serves fetches and pushes, one after the other, in a process of its own; called by Mooring itself.
struct TransferCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfer", abstract: "Serve fetches and pushes.", shouldDisplay: false)

  func run() async throws {
    try Git.Configuration.setDurable(true)
    while let line = readLine() {
      let request = try JSONDecoder().decode(TransferRequest.self, from: Data(line.utf8))
      let reply = await TransferService().answer(request, token: try request.handedOver()) { Self.say($0) }
      Self.say(reply)
      mooring_give_memory_back()
    }
  }

  private static func say(_ reply: TransferReply) {
    guard let data = try? JSONEncoder().encode(reply) else { return }
    Terminal.print(Array(data) + [UInt8(ascii: "\n")])
  }
}

extension TransferRequest {
  /// The token that follows the request on standard input, where it comes from an environment that isn't ours.
  fileprivate func handedOver() throws -> RemoteSecret? {
    guard case .environment? = access.token else { return nil }
    guard let line = readLine() else { throw ExitCode(64) }
    return try RemoteSecret(line, from: "the token that was handed over")
  }
}
