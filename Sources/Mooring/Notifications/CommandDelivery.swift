import MooringModel
import Processes

/// Tells by a program, which gets the notification as JSON on standard input.
struct CommandDelivery: NotificationDelivery {
  static let timeLimit = Duration.seconds(30)

  let arguments: [String]
  var timeLimit = Self.timeLimit

  func deliver(_ notification: Notification) async throws -> DeliveryOutcome {
    let program = Program(
      arguments, environment: Program.scrubbed(adding: Self.variables(of: notification)), timeLimit: timeLimit,
      outputLimit: 4096)
    do {
      let outcome = try await run(program, input: NotificationBody.json(of: notification)) { _ in }
      if outcome.succeeded { return .delivered }
      let said = Notification.plain(String(outcome.output.suffix(200)))
      return .failed("\(arguments[0]): \(Self.ending(outcome.termination))\(said.isEmpty ? "" : ": \(said)")")
    } catch let error as ProgramError {
      return .failed("\(error)")
    } catch {
      try Task.checkCancellation()
      return .failed("\(arguments[0]): \(error)")
    }
  }

  private static func ending(_ termination: ProgramOutcome.Termination) -> String {
    switch termination {
    case .exited(let status): "exit status \(status)"
    case .signalled(let signal): "ended by signal \(signal)"
    case .timedOut: "took longer than it may"
    }
  }

  private static func variables(of notification: Notification) -> [String: String] {
    [
      "MOORING_NOTIFICATION": notification.id, "MOORING_KIND": notification.kind.rawValue,
      "MOORING_EVENT": notification.event, "MOORING_SEVERITY": notification.severity.rawValue,
      "MOORING_ENVIRONMENT": notification.environment.string, "MOORING_TITLE": notification.title,
    ]
  }
}
