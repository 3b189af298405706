internal import Glibc

/// A string that equals another only byte for byte, unlike `String`, for which é and e+´ are the same.
///
/// A difference between two spellings is a difference in production.
package struct ExactText: Hashable, Sendable {
  package let string: String

  package init(_ string: String) { self.string = string }

  package static func == (a: Self, b: Self) -> Bool { a.string.isExactly(b.string) }

  package func hash(into hasher: inout Hasher) { string.hashExactly(into: &hasher) }
}

extension String {
  package func isExactly(_ other: String) -> Bool {
    withExactBytes { own in
      other.withExactBytes { other in
        guard own.count == other.count else { return false }
        guard let first = own.baseAddress, let second = other.baseAddress else { return true }
        return memcmp(first, second, own.count) == 0
      }
    }
  }

  package func hashExactly(into hasher: inout Hasher) {
    withExactBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(0xFF as UInt8)
  }

  /// The bytes in one piece: to go through a string's one after the other takes ten times as long.
  private func withExactBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    return Array(utf8).withUnsafeBufferPointer(body)
  }

  package func precedesExactly(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
