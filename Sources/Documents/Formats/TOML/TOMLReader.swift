/// TOML 1.0.0 (https://toml.io/en/v1.0.0): reads the lines into growing tables, then hands the tree to the arena.
struct TOMLReader {
  let source: [UInt8]
  var position: Int
  var builder: ArenaBuilder
  let depthLimit: Int
  private let root: TOMLTable
  private var current: TOMLTable

  private init(_ bytes: [UInt8], from start: Int, builder: ArenaBuilder, depth: Int) {
    source = bytes
    position = start
    self.builder = builder
    depthLimit = depth
    root = TOMLTable(.implied, range: start..<bytes.count)
    current = root
  }

  static func read(
    _ bytes: [UInt8], from start: Int, into builder: inout ArenaBuilder, depth: Int
  ) throws(ReadingProblem) {
    var reader = TOMLReader(bytes, from: start, builder: builder, depth: depth)
    try reader.document()
    try reader.emit(reader.root)
    builder = reader.builder
  }

  private mutating func document() throws(ReadingProblem) {
    while true {
      skipBlanks()
      guard let byte = peek() else { return }
      switch byte {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "#"): break
      case UInt8(ascii: "["): try header()
      default: try assignment()
      }
      try endOfLine()
    }
  }

  private mutating func header() throws(ReadingProblem) {
    let start = position
    position += 1
    let isList = take("[")
    let path = try key()
    guard take("]"), !isList || take("]") else { throw problem("a table's name should be closed by ]") }
    let range = start..<position
    guard let name = path.last else { return }
    var parent = root
    for part in path.dropLast() { parent = try parent.descend(part, to: .implied, isHeader: true) }
    current = try isList ? parent.appendTable(name, range) : parent.defineTable(name, range)
  }

  private mutating func assignment() throws(ReadingProblem) {
    let path = try key()
    guard take("=") else { throw problem("an equals sign should stand here") }
    skipBlanks()
    let value = try value(depth: 1)
    try current.assign(value, at: path)
    current.range = current.range.lowerBound..<max(current.range.upperBound, position)
  }

  /// A key with its dots; leaves the blanks after it behind.
  mutating func key() throws(ReadingProblem) -> [TOMLKey] {
    var parts: [TOMLKey] = []
    repeat {
      skipBlanks()
      guard parts.count < depthLimit else { throw tooDeep() }
      parts.append(try keyPart())
      skipBlanks()
    } while take(".")
    return parts
  }

  private mutating func keyPart() throws(ReadingProblem) -> TOMLKey {
    let start = position
    switch peek() {
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      let (text, style) = try string(allowsLines: false)
      return TOMLKey(name: string(of: text), text: text, range: start..<position, style: style)
    default:
      while let byte = peek(), Self.isBareKey(byte) { position += 1 }
      guard position > start else { throw problem("a key should stand here") }
      let text = TextReference(start..<position)
      return TOMLKey(name: string(of: text), text: text, range: start..<position, style: .plain)
    }
  }

  private static func isBareKey(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private func string(of text: TextReference) -> String {
    let bytes = text.pooled ? builder.pool : source
    return String(decoding: bytes[text.offset..<text.offset + text.length], as: UTF8.self)
  }
}
