import MooringModel
import Testing

@testable import KubernetesTarget

/// Since when an object may have come to be as it is.
@Suite struct LookTimesTests {
  private let object = ObjectName(written: "deployment/shop/web")
  private func time(_ second: Int64) -> Timestamp { Timestamp(milliseconds: second * 1000) }
  private let other = LiveObject(kind: .object, size: 1)
  private let another = LiveObject(kind: .object, size: 2)

  private func report(_ found: LiveObject?...) -> LiveReport {
    LiveReport(
      differences: found.map { LiveDifference(object: object, expected: LiveObject(kind: .object), found: $0) },
      compared: 1)
  }

  @Test func beforeAnybodyHasLookedItIsNotKnown() {
    var times = LookTimes()
    #expect(times.lastOtherwise(object, found: other) == nil)
    times.note(report(other), in: .everything, at: time(1))
    #expect(times.lastOtherwise(object, found: other) == nil, "it was so at the first look already")
    #expect(times.lastOtherwise(object, found: another) == time(1))
  }

  @Test func itIsTheLastLookThatFoundItOtherwise() {
    var times = LookTimes()
    times.note(report(), in: .everything, at: time(1))
    times.note(report(), in: .objects([object]), at: time(2))
    #expect(times.lastOtherwise(object, found: other) == time(2))
    times.note(report(other), in: .objects([object]), at: time(3))
    times.note(report(other), in: .everything, at: time(4))
    #expect(times.lastOtherwise(object, found: other) == time(2))
    #expect(times.lastOtherwise(object, found: nil) == time(4), "it was deleted after that")
    times.note(report(), in: .objects([object]), at: time(5))
    #expect(times.lastOtherwise(object, found: other) == time(5))
  }

  @Test func whatWasAppliedIsAsItShouldBe() {
    var times = LookTimes()
    times.applied([object], at: time(1))
    #expect(times.lastOtherwise(object, found: other) == time(1))
    times.note(report(other), in: .everything, at: time(2))
    times.applied([object], at: time(3))
    #expect(times.lastOtherwise(object, found: other) == time(3))
  }

  @Test func aLookAtEverythingIsOneAtEach() {
    var times = LookTimes()
    times.note(report(other), in: .everything, at: time(1))
    times.note(report(), in: .everything, at: time(2))
    #expect(times.lastOtherwise(object, found: other) == time(2))
  }
}
