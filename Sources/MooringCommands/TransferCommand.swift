import ArgumentParser
import FoundationEssentials
import Git
import Mooring
import MooringModel

/// Serves one fetch or push in a process of its own; called by Mooring itself.
struct TransferCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfer", abstract: "Serve one fetch or push.", shouldDisplay: false)

  func run() throws {
    guard let line = readLine() else { throw ExitCode(64) }
    try Git.Configuration.setDurable(true)
    let request = try JSONDecoder().decode(TransferRequest.self, from: Data(line.utf8))
    let reply = TransferService().answer(request) { Self.say($0) }
    Self.say(reply)
  }

  private static func say(_ reply: TransferReply) {
    guard let data = try? JSONEncoder().encode(reply) else { return }
    Terminal.print(Array(data) + [UInt8(ascii: "\n")])
  }
}
