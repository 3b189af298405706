/// A string that equals another only byte for byte, unlike `String`, for which é and e+´ are the same.
///
/// A difference between two spellings is a difference in production.
struct ExactText: Hashable, Sendable {
  let string: String

  init(_ string: String) { self.string = string }

  static func == (a: Self, b: Self) -> Bool { a.string.isExactly(b.string) }

  func hash(into hasher: inout Hasher) { string.hashExactly(into: &hasher) }
}

extension String {
  func isExactly(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }

  func hashExactly(into hasher: inout Hasher) {
    for byte in utf8 { hasher.combine(byte) }
    hasher.combine(0xFF as UInt8)
  }

  func precedesExactly(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
