import MooringModel

extension Seat {
  /// Runs what a command asks for. Somebody who has stopped without a word is waited for, as long as their claim lasts.
  ///
  /// - Parameter otherwise: What is done where somebody else works on the environment; `notOwner` is thrown without it.
  static func during<Result: Sendable>(
    _ context: EnvironmentContext, _ observer: @escaping @Sendable (LoopNews) -> Void,
    _ body: @escaping @Sendable () async throws -> Result,
    otherwise: (@Sendable () async throws -> Result)? = nil
  ) async throws -> Result {
    guard let coordination = context.coordination else { return try await body() }
    let seat = Seat(context: context, coordination: coordination) { observer(.alert("\($0)")) }
    if let other = try await seat.otherHolder(observer) {
      guard let otherwise else { throw seat.refusal(other) }
      return try await otherwise()
    }
    do {
      let result = try await seat.whileHeld(body)
      try await seat.leave()
      try Task.checkCancellation()
      guard let result else { throw seat.lost }
      return result
    } catch {
      do { try await seat.leave() } catch let late { observer(.alert("\(late)")) }
      throw error
    }
  }

  /// - Returns: Who works on the environment, where it isn't we from now on.
  func otherHolder(_ observer: @Sendable (LoopNews) -> Void) async throws -> String? {
    var isSaid = false
    while true {
      switch try await claim() {
      case .held: return nil
      case .left(let other): return other
      case .heldBy(let other, isAlive: true): return other
      case .heldBy(let other, isAlive: false):
        if !isSaid {
          observer(.waiting("\(other), which may have stopped, for at most \(coordination.timing.duration)"))
        }
        isSaid = true
        try await context.time.sleep(coordination.timing.nextLook(before: await coordination.expiry(), at: .now))
      }
    }
  }

  /// Also when the command was cancelled: others needn't wait then.
  private func leave() async throws {
    let coordination = self.coordination
    try await Task { try await coordination.release(sharing: true) }.value
  }

  private func refusal(_ other: String) -> Fault {
    Fault(
      .notOwner, "\(context.name) is worked on by \(other), which holds its Lease", at: context.state.path,
      remedy: "ask there, or stop it; a rollback from here pushes the revert, which it deploys")
  }

  private var lost: Fault {
    Fault(
      .interrupted, "somebody else works on \(context.name) by now, since its Lease couldn't be renewed",
      at: context.state.path, remedy: "see `mooring status`, and repeat what is still to be done")
  }
}
