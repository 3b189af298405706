import Kubernetes
import MooringModel

/// A request that changed an object, or may have.
struct RecordedWrite: Hashable, Sendable {
  let event: AuditEvent
  /// By the server's clock.
  let received: Timestamp
  let completed: Timestamp
  /// When we were told, by our own clock.
  let arrived: Timestamp

  private static let verbs: Set<String> = ["create", "update", "patch", "delete", "deletecollection"]
  /// What can be written of an object, besides the object itself, such that it differs afterwards.
  private static let subresources: Set<String> = ["scale", "ephemeralcontainers", "binding", "finalize"]

  /// - Returns: `nil` for what changed nothing that drift is about: reading, what was refused, trials, the status.
  init?(_ event: AuditEvent, arrived: Timestamp) {
    guard event.stage == "ResponseComplete", Self.verbs.contains(event.verb), !event.isDryRun,
      (200..<300).contains(event.code ?? 0), let object = event.object,
      object.subresource.map(Self.subresources.contains) ?? true,
      let received = Timestamp(parsing: event.received), let completed = Timestamp(parsing: event.completed)
    else { return nil }
    self.event = event
    self.received = received
    self.completed = completed
    self.arrived = arrived
  }

  var key: AuditKey? { event.object.map(AuditKey.init) }
  var manager: String { event.fieldManager }
  var isScale: Bool { event.object?.subresource == "scale" }
  var isDeletion: Bool { event.verb.hasPrefix("delete") }
  var isCreation: Bool { event.verb == "create" || event.code == 201 }

  /// Whether it was under way in a second that the server has recorded: times of objects have no fractions.
  func covers(second: Timestamp) -> Bool {
    received < second.advanced(by: .seconds(1)) && completed >= second
  }
}

extension RecordedWrite {
  func attribution(_ certainty: Attribution.Certainty) -> Attribution {
    Self.attribution(of: event, at: received, certainty)
  }

  static func attribution(
    of event: AuditEvent, at time: Timestamp, _ certainty: Attribution.Certainty
  ) -> Attribution {
    let request = AttributedRequest(
      id: event.id, verb: event.verb, subresource: event.object?.subresource, groups: event.user.groups,
      address: event.addresses.last, forwardedFor: Array(event.addresses.dropLast()),
      client: event.userAgent.isEmpty ? nil : event.userAgent, allowance: event.allowance)
    return Attribution(
      certainty: certainty, login: event.user.name, user: event.impersonated?.name,
      program: ClientWords.words(for: event),
      at: time, request: request)
  }
}
