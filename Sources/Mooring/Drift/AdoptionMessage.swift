import Git
import MooringModel

/// The message of a commit that adopts, and its author.
struct AdoptionMessage {
  let environment: EnvironmentName
  let request: AdoptRequest
  let drifts: [(object: ObjectName, drift: OpenDrift)]
  /// `Name <email>` of logins.
  let identities: [String: String]
  let host: String
  /// The journal's head that it names.
  var journal: ObjectID?

  var text: String {
    let first = drifts.first.map { "\($0.object) \($0.drift.summary)" } ?? ""
    let what = drifts.count == 1 ? first : "\(drifts.count) changes made in production"
    let subject = request.message ?? "Adopt \(what)"
    var lines = ["Mooring-Environment: \(environment)"]
    lines += drifts.prefix(100).map { "Mooring-Adopts: \(line("\($0.object) \($0.drift.summary)"))" }
    let people = Set(drifts.compactMap { $0.drift.attribution?.description }).sorted()
    lines += people.prefix(20).map { "Mooring-Changed-By: \(line($0))" }
    lines.append("Mooring-Operator: \(line(request.initiator.name))")
    if let line = JournalTrailer.line(environment, journal) { lines.append(line) }
    return subject.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n") + "\n\n"
      + lines.joined(separator: "\n") + "\n"
  }

  /// The one person who certainly changed all of it, where the configuration says who they are; otherwise the operator.
  func author(at now: Timestamp) -> Signature {
    let all = drifts.map { drift -> String? in
      guard let by = drift.drift.attribution, by.certainty == .certain else { return nil }
      return by.login.flatMap { identities[$0] }
    }
    if let person = all.first ?? nil, all.allSatisfy({ $0 == person }), let signature = signature(person, at: now) {
      return signature
    }
    return committer(at: now)
  }

  func committer(at now: Timestamp) -> Signature {
    let name = request.initiator.kind == .person ? request.initiator.name : "Mooring"
    if let known = identities[name], let signature = signature(known, at: now) { return signature }
    let email = name.lowercased().replacing(" ", with: ".") + "@" + host
    return Signature(name: name, email: email, seconds: now.seconds)
  }

  private func signature(_ identity: String, at now: Timestamp) -> Signature? {
    guard let open = identity.lastIndex(of: "<"), identity.hasSuffix(">") else { return nil }
    let name = identity[..<open].split(separator: " ").joined(separator: " ")
    let email = String(identity[identity.index(after: open)...].dropLast())
    return name.isEmpty || email.isEmpty ? nil : Signature(name: name, email: email, seconds: now.seconds)
  }

  private func line(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}
