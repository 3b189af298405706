import MooringModel

/// How replicas come to hold about as many leases each: who has at least two fewer than another asks it for one at a
/// time, or a quarter of the difference, and is left it. Each lease that moves so makes the difference smaller, so it ends.
enum LeaseShare {
  static func leaves(_ holding: Int, to wish: LeaseRecord.Wish) -> Bool { holding >= wish.holds + 2 }

  /// How many a replica may wish for at once that has `holding`, of another that has `other`.
  static func wishes(_ holding: Int, of other: Int) -> Int { other >= holding + 2 ? max(1, (other - holding) / 4) : 0 }
}
