import Glibc

/// What a run comes to.
struct Figures: CustomStringConvertible {
  var name: String
  var runs: Int
  /// Inputs that the parser took for sound.
  var accepted: Int
  var seconds: Double
  var corpus: Int

  /// In MiB.
  static var peakMemory: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
  }

  var description: String {
    "\(name): \(runs) runs, \(Int(Double(runs) / max(seconds, 0.001))) a second, \(accepted) accepted,"
      + " \(corpus) in the corpus, peak \(Self.peakMemory) MiB"
  }
}
