internal import CLibgit2

/// The SHA-1 name of an object: 20 bytes, kept inline.
public struct ObjectID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The bytes as big-endian numbers, so that comparing numbers compares bytes.
  private var high: UInt64
  private var middle: UInt64
  private var low: UInt32

  public static let zero = ObjectID(high: 0, middle: 0, low: 0)
  static let byteCount = 20

  private init(high: UInt64, middle: UInt64, low: UInt32) {
    self.high = high
    self.middle = middle
    self.low = low
  }

  /// Exactly 40 lower-case hexadecimal digits: no abbreviation, no name that something else would have to resolve.
  public init?(hex: some StringProtocol) {
    var hex = Substring(hex)
    let id: ObjectID?? = hex.withUTF8 { digits in
      ObjectID(hexDigits: UnsafeRawBufferPointer(digits))
    }
    guard let id = id ?? nil else { return nil }
    self = id
  }

  /// Exactly 20 bytes.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    self =
      bytes.withContiguousStorageIfAvailable { ObjectID(loading: UnsafeRawBufferPointer($0), at: 0) }
      ?? Array(bytes).withUnsafeBytes { ObjectID(loading: $0, at: 0) }
  }

  init?(hexDigits digits: UnsafeRawBufferPointer) {
    guard digits.count == 40 else { return nil }
    self.init(high: 0, middle: 0, low: 0)
    for index in 0..<40 {
      guard let digit = Self.value(ofDigit: digits[index]) else { return nil }
      switch index {
      case ..<16: high = high << 4 | UInt64(digit)
      case ..<32: middle = middle << 4 | UInt64(digit)
      default: low = low << 4 | UInt32(digit)
      }
    }
  }

  /// Twenty bytes from `offset`; the caller has made sure that they are there.
  init(loading bytes: UnsafeRawBufferPointer, at offset: Int) {
    self.init(
      high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
      middle: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)),
      low: UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + 16, as: UInt32.self)))
  }

  init(_ oid: git_oid) {
    self = withUnsafeBytes(of: oid) { ObjectID(loading: $0, at: 0) }
  }

  var oid: git_oid {
    var oid = git_oid()
    withUnsafeMutableBytes(of: &oid) { bytes in
      bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
      bytes.storeBytes(of: middle.bigEndian, toByteOffset: 8, as: UInt64.self)
      bytes.storeBytes(of: low.bigEndian, toByteOffset: 16, as: UInt32.self)
    }
    return oid
  }

  public var bytes: [UInt8] {
    withUnsafeBytes(of: oid) { Array($0) }
  }

  public var hex: String {
    let digits: StaticString = "0123456789abcdef"
    return String(unsafeUninitializedCapacity: 40) { text in
      for index in 0..<40 {
        let nibble =
          switch index {
          case ..<16: Int(high >> UInt64(60 - 4 * index) & 15)
          case ..<32: Int(middle >> UInt64(60 - 4 * (index - 16)) & 15)
          default: Int(low >> UInt32(28 - 4 * (index - 32)) & 15)
          }
        text[index] = digits.utf8Start[nibble]
      }
      return 40
    }
  }

  public var description: String { hex }

  public static func < (left: ObjectID, right: ObjectID) -> Bool {
    if left.high != right.high { return left.high < right.high }
    if left.middle != right.middle { return left.middle < right.middle }
    return left.low < right.low
  }

  @inline(__always)
  private static func value(ofDigit digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x61...0x66: digit - 0x61 + 10
    default: nil
    }
  }
}
