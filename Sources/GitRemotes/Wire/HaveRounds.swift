import Git

/// How many commits to offer at a time, and when to stop: enough to find where the histories meet, and no more.
struct HaveRounds: Sendable {
  /// Git's own figures (fetch-pack): 16 first, and no more than 256 in vain once something was common.
  private var count = 16
  private var offered = 0
  private var inVain = 0
  private(set) var common: [ObjectID] = []
  private var known: Set<ObjectID> = []
  private static let largestRound = 1024
  private static let mostInVain = 256
  /// Who has nothing in common after so many has a history of its own.
  private static let most = 16_384

  /// The next commits, and whether they are the last.
  mutating func next(from local: LocalSide) async -> (haves: [ObjectID], isLast: Bool) {
    guard offered < Self.most, common.isEmpty || inVain < Self.mostInVain else { return ([], true) }
    let haves = await local.offer(count)
    let isLast = haves.count < count
    offered += haves.count
    inVain += haves.count
    count = min(count * 2, Self.largestRound)
    return (haves, isLast)
  }

  /// The remote has these too.
  mutating func take(_ ids: [ObjectID], _ local: LocalSide) async {
    let new = ids.filter { known.insert($0).inserted }
    guard !new.isEmpty else { return }
    common += new
    inVain = 0
    await local.markCommon(new)
  }
}
