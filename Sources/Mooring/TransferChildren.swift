import Processes

/// A child that serves transfers, and how many it has served.
struct TransferChild: Sendable {
  let program: ServingProgram
  var transfers = 0

  init(_ program: ServingProgram) { self.program = program }
}

/// The children that wait for another transfer with their remote, the one that was used last at the end.
struct TransferChildren: Sendable {
  /// How many wait; each holds some 10 MB of its own.
  static let mostWaiting = 2
  /// What a child serves before another takes its place, so that a leak stays small.
  static let mostTransfers = 100

  private var waiting: [(url: String, child: TransferChild)] = []

  mutating func take(for url: String) -> TransferChild? {
    guard let index = waiting.lastIndex(where: { $0.url == url }) else { return nil }
    return waiting.remove(at: index).child
  }

  mutating func keep(_ child: TransferChild, for url: String) {
    var child = child
    child.transfers += 1
    guard child.transfers < Self.mostTransfers else { return }
    waiting.append((url, child))
    if waiting.count > Self.mostWaiting { waiting.removeFirst() }
  }
}
