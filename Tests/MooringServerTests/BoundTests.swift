import Logging
import MooringTestSupport
import Testing

@testable import MooringServer

/// What bounds strangers, without any.
@Suite struct BoundTests {
  @Test func aBucketFillsWithTime() {
    let start = ContinuousClock.now
    let limit = RateLimit(rate: 2, burst: 3, at: start)
    #expect((0..<4).map { _ in limit.admits(at: start) } == [true, true, true, false])
    #expect(limit.admits(at: start + .milliseconds(500)))
    #expect(!limit.admits(at: start + .milliseconds(600)))
    #expect((0..<5).map { _ in limit.admits(at: start + .seconds(3600)) } == [true, true, true, false, false])
  }

  @Test func onlySoManyBodiesAreInMemory() async {
    let slots = BodySlots(1)
    let inner = await slots.within { await slots.within { true } }
    #expect(inner == .some(nil))
    #expect(await slots.within { true } == true, "it is given back")
  }
}
