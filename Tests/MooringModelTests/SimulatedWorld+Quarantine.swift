import MooringModel

/// Quarantine in the simulated world: the last of the three fields is an image.
extension SimulatedWorld {
  /// What a release has in common with what is in quarantine, as a program would find by reading it.
  func resemblances(of digest: ReleaseDigest) -> Resemblances {
    var result = Resemblances(compared: Set(state.quarantine.entries.map(\.digest)))
    let running = state.deployed.flatMap { $0.verified ? fieldsByDigest[$0.release.digest] : nil }
    for entry in state.quarantine.entries where entry.digest != digest {
      guard let bad = fieldsByDigest[entry.digest], let good = entry.change.flatMap({ fieldsByDigest[$0.against] }),
        let fields = fieldsByDigest[digest]
      else { continue }
      let changed = bad.indices.filter { bad[$0] != good[$0] }
      let change = BadChange(
        places: Set(changed.map(Self.place)),
        images: changed.last == 2 ? [Self.place(2): "r:\(bad[2])"] : [:])
      func same(_ fields: [Int]?) -> Set<BadChange.Place> {
        Set(changed.filter { fields?[$0] == bad[$0] }.map(Self.place))
      }
      result.found[entry.digest] = change.resemblance(candidate: same(fields), running: same(running))
    }
    return result
  }

  private static func place(_ index: Int) -> BadChange.Place { BadChange.Place(file: "app", field: "\(index)") }

  /// A person settles it: nothing is kept out any more.
  mutating func liftQuarantine() throws {
    for entry in state.quarantine.entries {
      try hear(.asked(.liftQuarantine(entry.digest, reason: "settled"), by: ann))
    }
  }
}
