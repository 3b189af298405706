import Testing

@testable import KubernetesTarget

@Suite struct LeaseObservationTests {
  private let start = ContinuousClock.now

  private func lease(_ holder: String, _ renewed: String = "1", seconds: Int = 10) -> LeaseRecord {
    LeaseRecord(holder: holder, seconds: seconds, acquired: "0", renewed: renewed)
  }

  private func standing(
    _ looks: [(Double, LeaseRecord)], at end: Double, patience: Duration = .seconds(3)
  ) -> LeaseObservation.Standing {
    var observation = LeaseObservation()
    for (second, record) in looks { observation.see(record, at: start + .seconds(second)) }
    return observation.standing(of: "me", at: start + .seconds(end), patience: patience)
  }

  @Test func whatNobodyHasLookedAtOrNobodyHoldsIsFree() {
    #expect(standing([], at: 0) == .free)
    #expect(standing([(0, lease(""))], at: 0) == .free)
  }

  @Test func itIsTheOthersAsLongAsTheyRenewItWhateverTheirClockSays() {
    #expect(standing([(0, lease("other", "1999"))], at: 9.9) == .others("other"))
    #expect(standing([(0, lease("other", "2999"))], at: 10) == .free)
    #expect(standing([(0, lease("other", "2")), (9, lease("other", "1"))], at: 18.9) == .others("other"))
    #expect(standing([(0, lease("other", "2")), (9, lease("other", "2"))], at: 10) == .free)
  }

  @Test func aWishDoesNotRenewIt() {
    var wished = lease("other")
    wished.wish = LeaseRecord.Wish(holder: "third", holds: 0)
    #expect(standing([(0, lease("other")), (9, wished)], at: 10) == .free)
  }

  @Test func itIsMineAlsoAfterItRanOut() {
    #expect(standing([(0, lease("me"))], at: 100) == .mine)
  }

  @Test func whatWasLeftToSomebodyIsLeftToThemForAMoment() {
    var offered = lease("")
    offered.offer = "other"
    #expect(standing([(0, offered)], at: 2.9) == .others("other"))
    #expect(standing([(0, offered)], at: 3) == .free)
    offered.offer = "me"
    #expect(standing([(0, offered)], at: 0) == .free)
  }

  @Test func aHolderIsKnownToLiveWhenItHasRenewedUnderOurEyes() {
    var observation = LeaseObservation()
    observation.see(lease("other", "1"), at: start)
    #expect(!observation.wasRenewed)
    observation.see(lease("other", "2"), at: start)
    #expect(observation.wasRenewed)
    observation.see(lease("third", "3"), at: start)
    #expect(!observation.wasRenewed)
  }
}
