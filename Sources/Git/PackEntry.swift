/// One object of a pack as it is looked through: what it says of itself, and what has been seen of it.
struct PackEntry {
  enum Kind {
    case whole, deltaByDistance, deltaByName
  }

  private(set) var kind = Kind.whole
  /// How many bytes it says that it inflates to.
  private(set) var size = 0
  private var seen = 0
  /// The first bytes of a delta, where the sizes of its base and of its result stand.
  private var beginning: [UInt8] = []
  private static let longestSizes = 20

  init() {}

  /// Reads the type and the size that an entry begins with (gitformat-pack, "Pack file entry").
  init(header: [UInt8]) throws(PackProblem) {
    guard let first = header.first else { return }
    switch first >> 4 & 7 {
    case 1...4: kind = .whole
    case 6: kind = .deltaByDistance
    case 7: kind = .deltaByName
    default: throw PackProblem(.malformed, "an object of the pack is of no kind")
    }
    let rest = header.count > 1 ? Self.number(header.dropFirst())?.value : 0
    guard let rest, rest < 1 << 58 else {
      throw PackProblem(.malformed, "an object of the pack has an impossible size")
    }
    size = rest << 4 | Int(first & 15)
  }

  /// Takes the next bytes that it inflates to.
  mutating func take(_ piece: UnsafeBufferPointer<UInt8>, limit: Int) throws(PackProblem) {
    seen += piece.count
    guard seen <= size else { throw PackProblem(.malformed, "an object of the pack is longer than it says") }
    guard kind != .whole, beginning.count < Self.longestSizes else { return }
    beginning += piece.prefix(Self.longestSizes - beginning.count)
    guard let result = resultSize, result > limit else { return }
    throw PackProblem(.tooLarge, "a delta of the pack makes an object of \(result) bytes, more than \(limit)")
  }

  func finish() throws(PackProblem) {
    guard seen == size else { throw PackProblem(.malformed, "an object of the pack is shorter than it says") }
    guard kind == .whole || resultSize != nil else {
      throw PackProblem(.malformed, "a delta of the pack doesn't say what it makes")
    }
  }

  /// The size of the object that a delta makes, as far as it can be told already.
  private var resultSize: Int? {
    guard let base = Self.number(beginning[...]) else { return nil }
    return Self.number(base.rest)?.value
  }

  /// A number in groups of seven bits, the lowest first. Nil when it doesn't end or is too large.
  private static func number(_ bytes: ArraySlice<UInt8>) -> (value: Int, rest: ArraySlice<UInt8>)? {
    var value = 0
    var shift = 0
    for (index, byte) in zip(bytes.indices, bytes) {
      guard shift < 56 else { return nil }
      value |= Int(byte & 0x7f) << shift
      shift += 7
      if byte & 0x80 == 0 { return (value, bytes[(index + 1)...]) }
    }
    return nil
  }
}
