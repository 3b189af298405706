extension TOMLReader {
  mutating func value(depth: Int) throws(ReadingProblem) -> TOMLValue {
    guard depth <= depthLimit else { throw tooDeep() }
    let start = position
    switch peek() {
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      let (text, style) = try string(allowsLines: true)
      return .scalar(.string, text, start..<position, style)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "{"): return try inlineTable(depth: depth)
    default: return try bareValue()
    }
  }

  private mutating func array(depth: Int) throws(ReadingProblem) -> TOMLValue {
    let start = position
    position += 1
    var values: [TOMLValue] = []
    while true {
      try skipLines()
      if take("]") { break }
      values.append(try value(depth: depth + 1))
      try skipLines()
      if take(",") { continue }
      guard take("]") else { throw problem("a comma or ] should stand here") }
      break
    }
    return .array(values, start..<position)
  }

  private mutating func inlineTable(depth: Int) throws(ReadingProblem) -> TOMLValue {
    let table = TOMLTable(.implied, range: position..<position)
    position += 1
    skipBlanks()
    if !take("}") {
      repeat {
        let path = try key()
        guard take("=") else { throw problem("an equals sign should stand here") }
        skipBlanks()
        let value = try value(depth: depth + 1)
        try table.assign(value, at: path)
        skipBlanks()
      } while take(",")
      guard take("}") else { throw problem("a comma or } should stand here") }
    }
    table.range = table.range.lowerBound..<position
    table.freeze()
    return .table(table)
  }

  /// Booleans, numbers and dates: everything without quotes or brackets.
  private mutating func bareValue() throws(ReadingProblem) -> TOMLValue {
    let start = position
    while let byte = peek(), Self.isBareValue(byte) { position += 1 }
    // A date and its time may be parted by one blank.
    if position - start == 10, peek() == 0x20, TOMLDates.isDate(source[start..<position]),
      let digit = peek(1), digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9")
    {
      position += 1
      while let byte = peek(), Self.isBareValue(byte) { position += 1 }
    }
    let text = source[start..<position]
    guard let type = Self.type(of: text) else {
      throw problem(text.isEmpty ? "a value should stand here" : "not a TOML value", at: start)
    }
    return .scalar(type, TextReference(start..<position), start..<position, .plain)
  }

  private static func isBareValue(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "."), UInt8(ascii: ":"):
      true
    default: false
    }
  }

  private static func type(of text: ArraySlice<UInt8>) -> NodeRecord.ScalarType? {
    if text.elementsEqual("true".utf8) { return .true }
    if text.elementsEqual("false".utf8) { return .false }
    if TOMLNumbers.isInteger(text) { return .integer }
    if TOMLNumbers.isFloat(text) { return .float }
    return TOMLDates.isDateOrTime(text) ? .date : nil
  }
}
