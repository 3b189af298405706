import Documents

/// Keys of configurations that are called something else from one release to the next.
struct RenamedKeyRules {
  let change: Change

  var findings: [Finding] { change.files.flatMap(findings) }

  private func findings(in file: Change.File) -> [Finding] {
    guard let base = file.base, let head = file.head else { return [] }
    let difference = differences(from: base, to: head, path: file.path)
    guard case .fields(let documents) = difference.content else { return [] }
    return documents.filter { $0.kind == .changed }.flatMap { findings(in: $0.fields, file.path, head, $0.position) }
  }

  /// A key that goes, and one that comes beside it with the same value.
  private func findings(
    in fields: [FieldDifference], _ path: String, _ head: [UInt8], _ position: Int
  ) -> [Finding] {
    var added = fields.filter { $0.kind == .added && Self.isKey($0) }
    return fields.filter { $0.kind == .removed && Self.isKey($0) }.compactMap { removed in
      guard let value = removed.old, Self.isTelling(value),
        let index = added.firstIndex(where: { $0.new == value && Self.areBeside(removed.path, $0.path) })
      else { return nil }
      let new = added.remove(at: index)
      return Finding(
        .keyRenamed,
        at: Place(file: path, line: line(of: new.path, head, path, position), field: removed.path.description),
        "it is called \(new.path) from here on: a release that reads \(removed.path) doesn't find it")
    }
  }

  private func line(of field: FieldPath, _ bytes: [UInt8], _ path: String, _ position: Int) -> Int? {
    let format = DocumentFormat.detect(path: path, bytes: bytes)
    do throws(DocumentError) {
      let documents = try Document.parse(bytes, as: format).filter { $0.root.scalar != .null }
      return documents.indices.contains(position) ? documents[position][field]?.mark.line : nil
    } catch {
      return nil
    }
  }

  /// A key, or an entry of a list of environment variables.
  private static func isKey(_ field: FieldDifference) -> Bool {
    switch field.path.components.last {
    case .key: true
    case .element(let key, _): key == "name" && field.path.components.dropLast().last == .key("env")
    default: false
    }
  }

  private static func areBeside(_ a: FieldPath, _ b: FieldPath) -> Bool {
    a.components.dropLast() == b.components.dropLast()
  }

  /// Values that many keys have say nothing about which became which.
  private static func isTelling(_ value: FieldValue) -> Bool {
    switch value.scalar {
    case .null?, .bool?: false
    case let scalar?: !scalar.text.isEmpty
    case nil: true
    }
  }
}
