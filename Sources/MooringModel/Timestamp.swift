public import FoundationEssentials

/// A moment, to the millisecond, written in RFC 3339 in UTC.
public struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  public init(_ date: Date) {
    milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded())
  }

  /// Reads RFC 3339 with an offset, with or without a fraction.
  ///
  /// An offset can lead out of the years 0001 to 9999 in UTC, of which some couldn't be written: that is no time.
  public init?(parsing text: String) {
    let date = (try? Date(text, strategy: Self.style)) ?? (try? Date(text, strategy: Date.ISO8601FormatStyle()))
    guard let date else { return nil }
    self.init(date)
    guard Self.writable.contains(milliseconds) else { return nil }
  }

  /// A day alone, `2026-03-01`: its beginning, in UTC.
  public init?(day text: String) {
    guard text.contains("-") else { return nil }
    self.init(parsing: text + "T00:00:00Z")
  }

  private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
  /// From 0001-01-01T00:00:00.000Z, as Foundation counts, which is Julian before 1582, to 9999-12-31T23:59:59.999Z.
  private static let writable: ClosedRange<Int64> = -62_135_769_600_000...253_402_300_799_999

  public var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }
  public var seconds: Int64 { milliseconds / 1000 }
  public static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }

  /// Always with three digits of a second: what is written is read back as the same moment.
  public var description: String {
    let second = Timestamp(milliseconds: milliseconds - fraction)
    let digits = String(1000 + fraction).dropFirst()
    return second.date.formatted(Date.ISO8601FormatStyle()).dropLast() + ".\(digits)Z"
  }

  /// Milliseconds since the beginning of the second: `Date`'s own style cuts 0.634 s, which is 0.6339… there, to 633 ms.
  private var fraction: Int64 { ((milliseconds % 1000) + 1000) % 1000 }

  public func advanced(by duration: Duration) -> Timestamp {
    let (seconds, attoseconds) = duration.components
    return Timestamp(milliseconds: milliseconds + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
  }

  public static func - (a: Self, b: Self) -> Duration { .milliseconds(a.milliseconds - b.milliseconds) }
}

extension Timestamp: Codable {
  public init(from decoder: any Decoder) throws {
    let text = try String(from: decoder)
    guard let time = Timestamp(parsing: text) else {
      throw Fault(.journal, "not a time in RFC 3339: \(text.prefix(40).debugDescription)")
    }
    self = time
  }

  public func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}
