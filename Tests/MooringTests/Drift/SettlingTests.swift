import MooringModel
import Testing

@testable import DocumentsTestSupport
@testable import Mooring

/// When objects that events told of are looked at; time is handed in.
@Suite struct SettlingTests {
  private static let settle = Duration.milliseconds(250)
  /// What is nearly due goes along.
  private static let horizon = Duration.milliseconds(20)
  private let start = ContinuousClock.now
  private let vim = Attribution(certainty: .certain, login: "ann", program: "vim")

  private func change(_ object: String?, by who: Attribution? = nil) -> LiveChange {
    LiveChange(object: object.map { ObjectName(path: $0.utf8) }, by: who, at: Timestamp(milliseconds: 0))
  }

  private func at(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

  @Test("an object is looked at when it has been left alone, or after twice that time") func settles() {
    var settling = Settling(settle: Self.settle)
    settling.note(change("a"), at: at(0))
    let early = settling.take(at: at(100))
    #expect(early?.scope == nil)
    settling.note(change("a"), at: at(200))
    #expect(settling.next() == at(450))
    settling.note(change("a"), at: at(400))
    #expect(settling.next() == at(500), "twice the time after its first event, and not later")
    let due = settling.take(at: at(500))
    #expect(due?.scope == .objects([ObjectName(path: "a".utf8)]))
    #expect(settling.isEmpty && settling.next() == nil)
  }

  @Test("who did it is kept when later events don't say") func keepsWho() throws {
    var settling = Settling(settle: Self.settle)
    settling.note(change("a", by: vim), at: at(0))
    settling.note(change("a"), at: at(10))
    settling.note(change("b"), at: at(10))
    let due = settling.take(at: at(260))
    let told = try #require(due?.told)
    #expect(told[ObjectName(path: "a".utf8)] == .some(vim))
    #expect(told[ObjectName(path: "b".utf8)] == .some(nil), "told of, by nobody known")
  }

  @Test("lost events, and too many objects, are a look at everything, once") func everything() {
    var settling = Settling(settle: Self.settle)
    settling.note(change(nil), at: at(0))
    settling.note(change("a"), at: at(0))
    let all = settling.take(at: at(260))
    #expect(all?.scope == .everything)
    #expect(settling.isEmpty)
    for number in 0...Settling.mostObjects { settling.note(change("f\(number)"), at: at(1000)) }
    let due = settling.take(at: at(1260))
    #expect(due?.scope == .everything && due?.told.count == Settling.mostObjects)
    #expect(settling.isEmpty)
  }

  @Test("what never comes to rest is looked at less and less often, and at least once a minute") func restless() {
    var settling = Settling(settle: Self.settle)
    var looks: [ContinuousClock.Instant] = []
    for time in stride(from: 0, to: 1_200_000, by: 10) {
      settling.note(change("log"), at: at(time))
      if settling.take(at: at(time)) != nil { looks.append(at(time)) }
    }
    let waits = zip(looks, looks.dropFirst()).map { $1 - $0 }
    #expect(waits.allSatisfy { $0 <= Settling.longestRest + Self.settle * 2 })
    #expect(waits.suffix(10).allSatisfy { $0 >= Settling.longestRest - .seconds(1) })
    #expect(waits.count < 40, "\(waits.count) looks in twenty minutes")
  }

  /// Every object's first and last event since it was taken, which is all there is to know.
  @Test("nothing is taken too early, and nothing is lost, whatever happens when", arguments: 0..<40)
  func anySequence(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    var settling = Settling(settle: Self.settle)
    var known: [ObjectName: (first: Duration, last: Duration)] = [:]
    var now = Duration.zero
    func take() {
      guard let due = settling.take(at: start + now) else { return }
      for object in due.told.keys {
        guard let times = known.removeValue(forKey: object) else { Issue.record("\(object) wasn't noted"); continue }
        let earliest = min(times.last + Self.settle, times.first + Self.settle * 2)
        #expect(now + Self.horizon >= earliest, "seed \(seed): \(object) at \(now), noted at \(times)")
      }
    }
    for _ in 0..<2000 {
      now += .milliseconds(Int.random(in: 0..<(Bool.random(using: &random) ? 5 : 400), using: &random))
      if Int.random(in: 0..<3, using: &random) == 0 {
        take()
      } else {
        let object = ObjectName(path: "f\(Int.random(in: 0..<12, using: &random))".utf8)
        settling.note(LiveChange(object: object, at: Timestamp(milliseconds: 0)), at: start + now)
        known[object] = (known[object]?.first ?? now, now)
      }
      #expect(settling.isEmpty == known.isEmpty)
    }
    var rounds = 0
    while let next = settling.next() {
      #expect(next - start <= now + Settling.longestRest + Self.settle * 2)
      now = max(now, next - start)
      take()
      rounds += 1
      try #require(rounds < 100, "seed \(seed): what is due isn't taken")
    }
    #expect(known.isEmpty, "seed \(seed)")
  }
}
