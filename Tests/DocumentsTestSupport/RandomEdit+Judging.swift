import Documents

extension RandomEdit {
  /// Whether all lines before and after the touched ones are there unchanged.
  func keepsOtherLines(in edited: [UInt8]) -> Bool {
    let old = source.split(separator: 0x0A, omittingEmptySubsequences: false)
    let new = edited.split(separator: 0x0A, omittingEmptySubsequences: false)
    // A line that gets its line break, or loses it, at the file's end is the same line.
    func isSame(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Bool {
      a == b || a + [0x0D] == b || a == b + [0x0D]
    }
    if touched.isEmpty {
      let opening = zip(old, new).prefix(while: isSame).count
      return opening + zip(old.reversed(), new.reversed()).prefix(while: isSame).count >= old.count
    }
    let before = old[..<min(touched.lowerBound, old.count)]
    let after = old[min(touched.upperBound, old.count)...]
    return zip(before, new).allSatisfy(isSame) && before.count <= new.count && after.count <= new.count
      && zip(after.reversed(), new.reversed()).allSatisfy(isSame)
  }

  func question(_ edited: [UInt8]) -> String {
    var value = FieldValue.scalar(.null)
    switch edit.action {
    case .set(let new), .add(let new): value = new
    case .remove: break
    }
    let path = FieldValue.sequence(
      edit.path.components.map {
        switch $0 {
        case .key(let key): .scalar(.string(key))
        case .index(let index): .scalar(.integer(String(index)))
        case .element: .scalar(.null)
        }
      })
    let texts = [Self.json(path), source, edited, Self.json(value)].map(Oracle.hex)
    return "\(format.rawValue) \(verb) " + texts.joined(separator: " ") + "\n"
  }

  private static func json(_ value: FieldValue) -> [UInt8] { Array(text(value).utf8) }

  private static func text(_ value: FieldValue) -> String {
    switch value {
    case .scalar(.string(let text)):
      "\""
        + text.utf16.map { unit in
          let digits = String(unit, radix: 16)
          return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined() + "\""
    case .scalar(let scalar): scalar.text
    case .sequence(let values): "[" + values.map(text).joined(separator: ",") + "]"
    case .mapping(let entries):
      "{" + entries.map { text(.scalar(.string($0.key))) + ":" + text($0.value) }.joined(separator: ",") + "}"
    }
  }

  func described(_ edited: [UInt8]) -> String {
    "\(edit) touches \(touched)\n\(String(decoding: source, as: UTF8.self).debugDescription)\n"
      + String(decoding: edited, as: UTF8.self).debugDescription
  }
}
