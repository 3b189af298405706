/// How large the slices of a first fetch are: one generation of commits, then 100, 1,000, 10,000, then all. Where the
/// connection broke it goes on with smaller ones that grow slowly, so that the next break costs little.
struct SlicePace: Hashable, Sendable {
  /// As many generations of commits have come.
  private(set) var depth = 0
  private var step = 99
  /// Whether a slice has been begun and not ended: found in a record, that is a connection that broke.
  private(set) var isTrying = false
  private var hasBroken = false

  /// Git's word for "all" (upload-pack's INFINITE_DEPTH).
  static let everything = 0x7fff_ffff
  private static let largestStep = 40_000

  /// The depth to ask for next.
  var next: Int {
    if depth == 0 { return 1 }
    return step >= Self.largestStep ? Self.everything : depth + step
  }

  /// Before a slice is asked for.
  mutating func begin() {
    if isTrying {
      step = max(1, hasBroken ? step / 2 : min(step / 4, depth / 2))
      hasBroken = true
    }
    isTrying = true
  }

  /// After the slice has come.
  mutating func end() {
    let reached = next
    if depth > 0 { step = min(hasBroken ? step + step / 4 + 1 : step * 10, Self.largestStep) }
    depth = reached
    isTrying = false
  }

  var lines: String { "depth \(depth)\nstep \(step)\ntrying \(isTrying ? 1 : 0)\nbroken \(hasBroken ? 1 : 0)\n" }

  mutating func read(_ name: Substring, _ value: Substring) -> Bool {
    guard let value = Int(value), (0...Self.everything).contains(value) else { return false }
    switch name {
    case "depth": depth = value
    case "step": step = min(max(1, value), Self.largestStep)
    case "trying": isTrying = value == 1
    case "broken": hasBroken = value == 1
    default: return false
    }
    return true
  }
}
