import Glibc

/// Tries inputs on one target.
final class Runner: Sendable {
  let target: FuzzTarget
  private let watchdog = Watchdog()
  /// In MiB of resident memory, for the whole run: an input that takes more is a finding.
  private static let mostMemory = 1_024

  init(_ target: FuzzTarget) {
    self.target = target
    watchdog.start()
  }

  /// Whether the parser took the input for sound.
  @discardableResult func run(_ input: [UInt8]) -> Bool {
    watchdog.next()
    do {
      try target.check(input)
      return true
    } catch {
      // How an error says itself is part of what is tried.
      return "\(error)".isEmpty
    }
  }

  /// Mutates the seeds for so long. Inputs that are accepted join the corpus, up to 2,000.
  func mutate(
    for seconds: Double, seed: UInt64, from files: [[UInt8]], showing current: CurrentInput
  ) -> Figures {
    var mutation = Mutation(seed: seed, words: target.words)
    var corpus = target.seeds.map { Array($0.utf8) } + files
    let start = ContinuousClock.now
    let end = start + .milliseconds(Int64(seconds * 1000))
    var runs = 0
    var accepted = 0
    while ContinuousClock.now < end {
      let input = mutation.input(of: corpus)
      current.set(input)
      runs += 1
      if run(input) {
        accepted += 1
        if corpus.count < 2_000, accepted.isMultiple(of: 8) { corpus.append(input) }
      }
      if runs.isMultiple(of: 256), Figures.peakMemory > Self.mostMemory {
        fatalError("\(Figures.peakMemory) MiB are more than \(Self.mostMemory)")
      }
    }
    let took = (ContinuousClock.now - start) / .seconds(1)
    return Figures(name: target.name, runs: runs, accepted: accepted, seconds: took, corpus: corpus.count)
  }
}
