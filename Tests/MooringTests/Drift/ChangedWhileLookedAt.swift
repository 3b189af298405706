import MooringModel
import Synchronization

/// A real target, at which somebody changes a file after a look has seen it and before its content is read.
final class ChangedWhileLookedAt: Target {
  private let target: any Target
  private let change = Mutex<(@Sendable () throws -> Void)?>(nil)

  init(_ target: any Target) { self.target = target }

  /// Once, in the next look.
  func betweenLookAndReading(_ body: @escaping @Sendable () throws -> Void) { change.withLock { $0 = body } }

  func read(_ object: ObjectName, limit: Int) async throws -> LiveContent? {
    let change = change.withLock { change in
      defer { change = nil }
      return change
    }
    try change?()
    return try await target.read(object, limit: limit)
  }

  func differences(
    from contents: any ReleaseContents, in scope: LookScope, _ rules: LookRules
  ) async throws -> LiveReport { try await target.differences(from: contents, in: scope, rules) }

  func files(in folder: ObjectName, limit: Int, _ rules: LookRules) async throws -> [ObjectName] {
    try await target.files(in: folder, limit: limit, rules)
  }

  func observe() async throws -> Observation { try await target.observe() }
  func carryOut(_ step: Step, of plan: Plan, contents: any ReleaseContents) async throws -> StepReport {
    try await target.carryOut(step, of: plan, contents: contents)
  }
  func recover() async throws { try await target.recover() }
  func watch(_ rules: LookRules) async throws -> LiveWatch { try await target.watch(rules) }
}
