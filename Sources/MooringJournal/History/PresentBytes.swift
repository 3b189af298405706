import MooringModel

/// What a file or a resource is now, as bytes: blame reads as much as there are fields, however often they changed.
enum PresentBytes {
  static func bytes(of present: PresentSubject) -> [UInt8] {
    var facts = SharedFacts.Gathering()
    var rest = CompactWriter()
    rest.write(present.position)
    rest.write(facts.place(of: present.file))
    rest.write(facts.place(of: present.problem))
    rest.write(present.isRemoval ? 1 : 0)
    rest.write(present.fields.count)
    for field in present.fields {
      rest.write(facts.place(of: field.document))
      rest.write(facts.place(of: field.field))
      rest.write(facts.place(of: field.value))
      rest.write((field.isSecret ? 1 : 0) | (field.setter.writer == nil ? 0 : 2))
      rest.write(field.setter.position)
      rest.write(facts.place(of: field.setter.commit))
      if let writer = field.setter.writer { rest.write(facts.place(of: writer)) }
    }
    return facts.bytes(before: rest)
  }

  static func read(_ bytes: UnsafeRawBufferPointer) throws(CompactReader.Damaged) -> PresentSubject {
    var reader = CompactReader(bytes)
    let facts = try SharedFacts(&reader)
    var present = PresentSubject(
      position: try reader.number(), file: try facts.text(&reader), problem: try facts.optionalText(&reader),
      isRemoval: try reader.number() != 0, fields: [])
    let count = try reader.count()
    present.fields.reserveCapacity(count)
    for _ in 0..<count { present.fields.append(try field(&reader, facts)) }
    guard reader.isAtEnd else { throw CompactReader.Damaged() }
    return present
  }

  private static func field(
    _ reader: inout CompactReader, _ facts: SharedFacts
  ) throws(CompactReader.Damaged) -> PresentSubject.Field {
    let document = try facts.optionalText(&reader)
    let name = try facts.text(&reader)
    let value = try facts.optionalText(&reader)
    let flags = try reader.number()
    let setter = PresentSubject.Setter(
      position: try reader.number(), commit: try facts.commit(&reader),
      writer: flags & 2 == 0 ? nil : try facts.commit(&reader))
    return PresentSubject.Field(
      document: document, field: name, value: value, isSecret: flags & 1 != 0, setter: setter)
  }
}
