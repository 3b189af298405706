/// The grammar of field paths: bare keys parted by dots, and brackets that hold a position, a key in double quotes, or
/// `field=value` with either side in double quotes if need be.
struct FieldPathParser {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func components() throws(FieldPathError) -> [FieldPath.Component] {
    var result: [FieldPath.Component] = []
    while position < bytes.count {
      if take("[") {
        result.append(try bracket())
      } else {
        if !result.isEmpty, !take(".") { throw problem("a dot or a bracket should stand here") }
        result.append(.key(try bareKey()))
      }
    }
    return result
  }

  private mutating func bareKey() throws(FieldPathError) -> String {
    let text = bare(Self.isBareByte)
    if text.isEmpty { throw problem("a key should stand here") }
    return text
  }

  private mutating func bracket() throws(FieldPathError) -> FieldPath.Component {
    let isQuoted = peek == UInt8(ascii: "\"")
    let first = try part()
    if take("=") {
      let value = try part()
      try close()
      return .element(key: first, value: value)
    }
    try close()
    if isQuoted { return .key(first) }
    let isPosition = first.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    guard isPosition, let index = Int(first) else {
      throw problem("brackets hold a position, a key in quotes, or field=value")
    }
    return .index(index)
  }

  private mutating func part() throws(FieldPathError) -> String {
    guard peek == UInt8(ascii: "\"") else {
      let text = bare(Self.isBareByteInBrackets)
      if text.isEmpty { throw problem("brackets hold a position, a key in quotes, or field=value") }
      return text
    }
    position += 1
    var builder = ArenaBuilder(source: [], limits: .standard)
    do {
      let text = try QuotedText.json(bytes, at: &position, into: &builder)
      let source = text.pooled ? builder.pool : bytes
      return String(decoding: source[text.offset..<text.offset + text.length], as: UTF8.self)
    } catch {
      throw problem(error.message)
    }
  }

  private mutating func close() throws(FieldPathError) {
    guard take("]") else { throw problem("a closing bracket should stand here") }
  }

  private mutating func bare(_ fits: (UInt8) -> Bool) -> String {
    let start = position
    while let byte = peek, fits(byte) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private func problem(_ message: String) -> FieldPathError {
    FieldPathError(path: String(decoding: bytes, as: UTF8.self), offset: position, message: message)
  }

  /// Whether a key stands in a path without quotes.
  static func isBare(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy(isBareByte) }

  static func isBareInBrackets(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy(isBareByteInBrackets)
  }

  private static func isBareByte(_ byte: UInt8) -> Bool {
    isBareByteInBrackets(byte) && byte != UInt8(ascii: ".") && byte != UInt8(ascii: ":") && byte != UInt8(ascii: ",")
  }

  private static func isBareByteInBrackets(_ byte: UInt8) -> Bool {
    switch byte {
    case ...0x20, 0x7F..., UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\""), UInt8(ascii: "="),
      UInt8(ascii: "\\"):
      false
    default: true
    }
  }
}

/// Why a text is no field path.
public struct FieldPathError: Error, Sendable, Hashable, CustomStringConvertible {
  public let path: String
  /// In bytes, from 0.
  public let offset: Int
  public let message: String

  public var description: String { "field path \(Scalar.quoted(path)), at \(offset + 1): \(message)" }
}

extension FieldPath {
  /// Reads what `description` prints; that is its exact inverse.
  public init(parsing text: String) throws(FieldPathError) {
    var parser = FieldPathParser(text)
    components = try parser.components()
  }
}
