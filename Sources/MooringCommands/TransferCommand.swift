import ArgumentParser
import CLinux
import FoundationEssentials
import Git
import Mooring
import MooringModel

/// Serves fetches and pushes, one after the other, in a process of its own; called by Mooring itself.
struct TransferCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfer", abstract: "Serve fetches and pushes.", shouldDisplay: false)

  func run() throws {
    try Git.Configuration.setDurable(true)
    while let line = readLine() {
      let request = try JSONDecoder().decode(TransferRequest.self, from: Data(line.utf8))
      let reply = TransferService().answer(request) { Self.say($0) }
      Self.say(reply)
      mooring_give_memory_back()
    }
  }

  private static func say(_ reply: TransferReply) {
    guard let data = try? JSONEncoder().encode(reply) else { return }
    Terminal.print(Array(data) + [UInt8(ascii: "\n")])
  }
}
