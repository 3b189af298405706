/// Who made a commit, and when by their clock.
public struct Signature: Hashable, Sendable {
  public var name: String
  public var email: String
  /// Seconds since 1970-01-01T00:00:00Z.
  public var seconds: Int64
  /// Minutes east of UTC.
  public var offsetMinutes: Int

  public init(name: String, email: String, seconds: Int64, offsetMinutes: Int = 0) {
    self.name = name
    self.email = email
    self.seconds = seconds
    self.offsetMinutes = offsetMinutes
  }
}

extension Signature {
  /// The line of a commit object: `Name <email> 1700000000 +0100`. Tolerant like Git: what is missing is empty or 0.
  init(line: UnsafeRawBufferPointer, decoding text: (UnsafeRawBufferPointer) -> String) {
    let less = UInt8(ascii: "<")
    let greater = UInt8(ascii: ">")
    guard let open = line.firstIndex(of: less), let close = line[open...].firstIndex(of: greater) else {
      self.init(name: text(line), email: "", seconds: 0)
      return
    }
    let last = line.lastIndex(of: greater) ?? close
    let times = line[(last + 1)...].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    var nameEnd = open
    while nameEnd > 0, line[nameEnd - 1] == UInt8(ascii: " ") { nameEnd -= 1 }
    self.init(
      name: text(UnsafeRawBufferPointer(rebasing: line[..<nameEnd])),
      email: text(UnsafeRawBufferPointer(rebasing: line[(open + 1)..<close])),
      seconds: times.first.flatMap { Int64($0) } ?? 0,
      offsetMinutes: times.dropFirst().first.map(Self.minutes(ofZone:)) ?? 0)
  }

  /// `+0130` is 90.
  private static func minutes(ofZone zone: String) -> Int {
    guard let number = Int(zone), number.magnitude < 100_00 else { return 0 }
    return number / 100 * 60 + number % 100
  }

  /// The line as Git writes it: what would end the name, the address or the line is left out of them.
  var line: String {
    let size = min(abs(offsetMinutes), 99 * 60 + 59)
    let hours = size / 60
    let minutes = size % 60
    let zone = "\(offsetMinutes < 0 ? "-" : "+")\(hours < 10 ? "0" : "")\(hours)\(minutes < 10 ? "0" : "")\(minutes)"
    return "\(Self.clean(name)) <\(Self.clean(email))> \(seconds) \(zone)"
  }

  /// As Git's `strbuf_addstr_without_crud` (ident.c): no `<`, `>`, line feed or NUL, and no punctuation at the ends.
  private static func clean(_ text: String) -> String {
    func isCrud(_ byte: UInt8) -> Bool {
      byte <= 32 || [".", ",", ":", ";", "<", ">", "\"", "\\", "'"].contains { UInt8(ascii: $0) == byte }
    }
    let bytes = Array(text.utf8)
    guard let first = bytes.firstIndex(where: { !isCrud($0) }), let last = bytes.lastIndex(where: { !isCrud($0) })
    else { return "" }
    let kept = bytes[first...last].filter {
      $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "\n") && $0 != 0
    }
    return String(decoding: kept, as: UTF8.self)
  }
}
