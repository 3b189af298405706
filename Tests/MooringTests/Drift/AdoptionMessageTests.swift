import Git
import MooringModel
import Testing

@testable import Mooring

/// Who the author of an adoption is, and what its message says of everybody else.
@Suite struct AdoptionMessageTests {
  private let now = Timestamp(milliseconds: 1_800_000_000_000)
  private let identities = ["ann": "Ann Lee <ann@example.com>", "op": "Olga Petrova <olga@example.com>"]

  private func message(_ people: [Attribution?], by name: String = "root", saying text: String? = nil) throws
    -> AdoptionMessage
  {
    let initiator = Initiator(kind: .person, name: name, door: .command)
    let drifts = people.enumerated().map { index, who in
      let object = ObjectName(path: "current/f\(index)".utf8)
      let difference = Difference(
        object: object, kind: .changed, fields: [FieldChange(.value, "a", old: "1", new: "2")], fingerprint: "")
      let drift = Drift(id: Identifier(at: now), difference: difference, attribution: who)
      return (object: object, drift: OpenDrift(drift, since: now))
    }
    return AdoptionMessage(
      environment: try EnvironmentName("production"), request: AdoptRequest(nil, message: text, by: initiator),
      drifts: drifts, identities: identities, host: "web1")
  }

  private func who(_ login: String?, _ certainty: Attribution.Certainty = .certain) -> Attribution {
    Attribution(certainty: certainty, login: login, user: "root", program: "vim", elevated: true)
  }

  @Test("the person, where all of it is certainly theirs and it is known who they are") func person() throws {
    let message = try message([who("ann"), who("ann")])
    #expect(message.author(at: now).email == "ann@example.com")
    #expect(message.committer(at: now).email == "root@web1")
    #expect(message.text.contains("\nMooring-Changed-By: ann (vim, sudo)\nMooring-Operator: root\n"))
  }

  @Test("otherwise the operator, and a trailer says who it probably was") func operatorInstead() throws {
    let cases: [([Attribution?], String)] = [
      ([who("ann", .likely)], "probably ann (vim, sudo)"), ([who("eve")], "eve (vim, sudo)"),
      ([who("ann"), who("eve")], "ann (vim, sudo)"), ([who("ann"), nil], "ann (vim, sudo)"),
      ([who(nil)], "root (vim, sudo)"),
    ]
    for (people, changedBy) in cases {
      let message = try message(people, by: "op")
      #expect(message.author(at: now).name == "Olga Petrova", "\(people)")
      #expect(message.text.contains("Mooring-Changed-By: \(changedBy)"), "\(message.text)")
    }
    #expect(try message([nil], by: "Op Er").author(at: now).email == "op.er@web1")
    #expect(try !message([nil]).text.contains("Changed-By"))
  }

  @Test("the first line is what a person says, or what is adopted") func firstLine() throws {
    #expect(try message([nil]).text.hasPrefix("Adopt current/f0 a: 1 → 2\n\nMooring-Environment: production\n"))
    #expect(try message([nil, nil]).text.hasPrefix("Adopt 2 changes made in production\n\n"))
    #expect(try message([nil], saying: "Larger").text.hasPrefix("Larger\n\n"))
  }
}
