import MooringModel

/// Lines for a terminal, made as bytes: a history has tens of thousands, and to join them as texts takes longer than to find them.
///
/// Nothing in them steers a terminal: what stands in commits and names is up to others.
struct TerminalLines {
  private(set) var bytes: [UInt8] = []

  /// Adds to the line.
  mutating func add(_ text: String) {
    var text = text
    let isPlain = text.withUTF8 { utf8 in
      var steers = false
      // Of two bytes, controls begin with 0xC2.
      for byte in utf8 where byte < 32 || byte == 127 || byte == 0xC2 { steers = true }
      if !steers { bytes.append(contentsOf: utf8) }
      return !steers
    }
    if !isPlain { bytes.append(contentsOf: Terminal.plainLine(text).utf8) }
  }

  mutating func add(_ first: String, _ rest: String...) {
    add(first)
    for text in rest { add(text) }
  }

  /// Adds to the line, and ends it.
  mutating func line(_ texts: String...) {
    for text in texts { add(text) }
    end()
  }

  mutating func end() { bytes.append(UInt8(ascii: "\n")) }

  /// The first eight digits of a commit.
  mutating func add(_ revision: Revision) {
    for shift in stride(from: 60, through: 32, by: -4) {
      let digit = UInt8(truncatingIfNeeded: revision.high >> UInt64(shift)) & 15
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
    }
  }

  /// RFC 3339 to the second. By hand: thousands are printed, and formatting a date takes longer than all the rest.
  mutating func add(_ time: Timestamp) {
    let seconds = time.milliseconds >= 0 ? time.milliseconds / 1000 : (time.milliseconds - 999) / 1000
    let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let rest = seconds - day * 86_400
    let (year, month, date) = Self.date(ofDay: day)
    add(two: year / 100)
    add(two: year % 100, after: nil)
    add(two: month, after: "-")
    add(two: date, after: "-")
    add(two: rest / 3600, after: "T")
    add(two: rest / 60 % 60, after: ":")
    add(two: rest % 60, after: ":")
    bytes.append(UInt8(ascii: "Z"))
  }

  private mutating func add(two number: Int64, after mark: Unicode.Scalar? = nil) {
    if let mark { bytes.append(UInt8(ascii: mark)) }
    bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10 % 10))
    bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
  }

  /// The proleptic Gregorian date of a day since 1970-01-01, by eras of 400 years that begin in March.
  private static func date(ofDay day: Int64) -> (year: Int64, month: Int64, date: Int64) {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}
