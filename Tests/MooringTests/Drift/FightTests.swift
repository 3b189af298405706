import MooringModel
import MooringTestSupport
import Testing

@testable import Mooring

/// Changes by hand over hours, with real files and a clock that the test sets.
@Suite(.inTurn) struct FightTests {
  private static let file = ObjectName(path: "current/app.yaml".utf8)
  private static let eve = Attribution(certainty: .certain, login: "eve", program: "cron")

  /// Looks as the watcher does when it was told of the file.
  private func look(_ context: EnvironmentContext) async throws -> [Event.Payload] {
    let told: [ObjectName: Attribution?] = [Self.file: Self.eve]
    let request = LookRequest(.objects([Self.file]), told: told)
    return try await EnvironmentLoop(context).look(request, waitingAtMost: Site.patience).events.map(\.payload)
  }

  @Test("who undoes each heal is named and healed less and less often, and in the end it is left as it is")
  func isAFight() async throws {
    let (site, clock) = (try Site(), Clock())
    let policy = Policy(drift: DriftPolicy(onDetect: .heal))
    let workspace = try await site.workspace([Site.Environment(policy: policy)], time: clock.time)
    try await workspace.sync()
    let context = try workspace.context()
    var heals: [Int] = []
    var fights: [DriftFought] = []
    for round in 0..<60 {
      let mine = "a: \(round + 2)\n"
      try site.change("app.yaml", to: mine)
      for payload in try await look(context) {
        switch payload {
        case .driftResolved(let resolved) where resolved.how == .healed: heals.append(round * 100)
        case .driftFought(let fought): fights.append(fought)
        default: break
        }
      }
      #expect(site.live() == (heals.last == round * 100 ? "a: 1\n" : mine))
      clock.move(by: 100)
    }
    #expect(heals == [0, 100, 200, 400, 1100, 3700], "after 10 s, 40 s, 160 s, 640 s, 2,560 s at the earliest")
    #expect(fights.map(\.heals) == [2, 3, 4, 5, 6])
    #expect(fights.allSatisfy { $0.attribution == Self.eve && $0.drift != nil })
    #expect(fights.last?.next == nil)
  }

  @Test("a clock that steps back or far ahead neither repeats a drift nor loses one") func clockSteps() async throws {
    let (site, clock) = (try Site(), Clock())
    let workspace = try await site.workspace(time: clock.time)
    try await workspace.sync()
    let context = try workspace.context()
    let begun = context.time.now()
    try site.change("app.yaml", to: "a: 2\n")
    #expect(try await look(context).map(\.kind) == ["drift.detected"])
    clock.move(by: -86_400)
    #expect(try await look(context).isEmpty)
    try site.change("app.yaml", to: "a: 3\n")
    #expect(try await look(context).map(\.kind) == ["drift.changed"])
    clock.move(by: 10 * 366 * 86_400)
    #expect(try await look(context).isEmpty)
    try site.change("app.yaml", to: "a: 1\n")
    #expect(try await look(context).map(\.kind) == ["drift.resolved"])
    let times = try context.events(limit: nil).reversed().map(\.time)
    #expect(times == times.sorted() && times.allSatisfy { $0 >= begun }, "no event is before the one that it follows")
  }
}
