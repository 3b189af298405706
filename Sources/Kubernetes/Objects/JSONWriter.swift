import Documents

/// Writes trees as compact JSON, straight into bytes.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ node: Node) throws(KubernetesError) {
    switch node.kind {
    case .scalar: try append(node.scalar ?? .null)
    case .sequence:
      try container("[", "]", node.elements) { (writer, element) throws(KubernetesError) in try writer.append(element) }
    case .mapping:
      try container("{", "}", node.entries) { (writer, entry) throws(KubernetesError) in
        writer.key(entry.key)
        try writer.append(entry.value)
      }
    }
  }

  mutating func append(_ value: FieldValue) throws(KubernetesError) {
    switch value {
    case .scalar(let scalar): try append(scalar)
    case .sequence(let values):
      try container("[", "]", values) { (writer, element) throws(KubernetesError) in try writer.append(element) }
    case .mapping(let entries):
      try container("{", "}", entries) { (writer, entry) throws(KubernetesError) in
        writer.key(entry.key)
        try writer.append(entry.value)
      }
    }
  }

  mutating func key(_ key: String) {
    quote(key)
    bytes.append(UInt8(ascii: ":"))
  }

  mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    // Whole runs at once: hardly any text has something to escape.
    var rest = text.utf8[...]
    while let end = rest.firstIndex(where: Self.needsEscape) {
      bytes.append(contentsOf: rest[..<end])
      bytes += Self.escape(rest[end])
      rest = rest[rest.index(after: end)...]
    }
    bytes.append(contentsOf: rest)
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func container<Element>(
    _ opening: Unicode.Scalar, _ closing: Unicode.Scalar, _ elements: [Element],
    _ body: (inout JSONWriter, Element) throws(KubernetesError) -> Void
  ) throws(KubernetesError) {
    bytes.append(UInt8(ascii: opening))
    var isFirst = true
    for element in elements {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      try body(&self, element)
    }
    bytes.append(UInt8(ascii: closing))
  }

  private mutating func append(_ scalar: Scalar) throws(KubernetesError) {
    switch scalar {
    case .null, .bool: bytes += scalar.text.utf8
    case .string(let text), .date(let text): quote(text)
    case .integer(let text), .float(let text): bytes += try Self.number(text, scalar).utf8
    }
  }

  /// A number's own spelling where JSON has it too, so that no digit is lost.
  private static func number(_ text: String, _ scalar: Scalar) throws(KubernetesError) -> String {
    if isJSON(text) { return text }
    if let value = scalar.intValue { return String(value) }
    if let value = scalar.doubleValue, value.isFinite { return String(value) }
    throw KubernetesError(
      .invalid, "JSON has no number \(PlainText.plain(text, limit: 40))", remedy: "write it as a string, in quotes")
  }

  private static func isJSON(_ text: String) -> Bool {
    var rest = text.utf8[...]
    if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    let whole = takeDigits(&rest)
    guard whole.count == 1 || (whole.count > 1 && whole.first != UInt8(ascii: "0")) else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      if takeDigits(&rest).isEmpty { return false }
    }
    if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
      rest.removeFirst()
      if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest.removeFirst() }
      if takeDigits(&rest).isEmpty { return false }
    }
    return rest.isEmpty
  }

  private static func takeDigits(_ rest: inout Substring.UTF8View) -> Substring.UTF8View {
    let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    rest = rest[digits.endIndex...]
    return digits
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private static func escape(_ byte: UInt8) -> [UInt8] {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [UInt8(ascii: "\\"), byte]
    case 0x0A: return Array("\\n".utf8)
    case 0x0D: return Array("\\r".utf8)
    case 0x09: return Array("\\t".utf8)
    default:
      let digits = String(byte, radix: 16)
      return Array("\\u".utf8) + Array(String(repeating: "0", count: 4 - digits.utf8.count).utf8) + Array(digits.utf8)
    }
  }
}
