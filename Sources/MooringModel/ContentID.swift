/// The identity of content by what it is: a Git object id (SHA-1, 20 bytes), as a value that needs no Git.
///
/// Format: [Git objects](https://git-scm.com/book/en/v2/Git-Internals-Git-Objects).
public struct ContentID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The bytes as big-endian numbers, so that comparing numbers compares bytes.
  public let high: UInt64
  public let middle: UInt64
  public let low: UInt32

  private static let byteCount = 20

  public init(high: UInt64, middle: UInt64, low: UInt32) {
    self.high = high
    self.middle = middle
    self.low = low
  }

  /// Exactly 20 bytes, or nothing.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    // Byte by byte, through a collection that isn't known here, would be a sixth of a whole look.
    self =
      bytes.withContiguousStorageIfAvailable { Self(loading: UnsafeRawBufferPointer($0)) }
      ?? Array(bytes).withUnsafeBytes { Self(loading: $0) }
  }

  /// The caller has made sure that there are twenty bytes.
  private init(loading bytes: UnsafeRawBufferPointer) {
    self.init(
      high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
      middle: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
      low: UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self)))
  }

  /// Exactly 40 hexadecimal digits, or nothing: abbreviations are not identities.
  public init?(hex: some StringProtocol) {
    let digits = Array(hex.utf8)
    guard digits.count == 40 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(20)
    for index in stride(from: 0, to: 40, by: 2) {
      guard let upper = Self.value(ofDigit: digits[index]), let lower = Self.value(ofDigit: digits[index + 1]) else {
        return nil
      }
      bytes.append(upper << 4 | lower)
    }
    self.init(bytes: bytes)
  }

  public var bytes: [UInt8] {
    Array(unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
      bytes.storeBytes(of: middle.bigEndian, toByteOffset: 8, as: UInt64.self)
      bytes.storeBytes(of: low.bigEndian, toByteOffset: 16, as: UInt32.self)
      count = Self.byteCount
    }
  }

  public var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The first eight digits, for people.
  public var short: String { String(hex.prefix(8)) }
  public var description: String { hex }

  public static func < (a: Self, b: Self) -> Bool {
    (a.high, a.middle, a.low) < (b.high, b.middle, b.low)
  }

  private static func value(ofDigit digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}

extension ContentID: Codable {
  public init(from decoder: any Decoder) throws {
    let hex = try String(from: decoder)
    guard let id = ContentID(hex: hex) else {
      throw Fault(.journal, "not an object id: \(hex.prefix(48).debugDescription)")
    }
    self = id
  }

  public func encode(to encoder: any Encoder) throws {
    try hex.encode(to: encoder)
  }
}

/// A commit on the tracked branch.
public typealias Revision = ContentID

/// The identity of a rendered tree: its Git tree id.
public typealias ReleaseDigest = ContentID
