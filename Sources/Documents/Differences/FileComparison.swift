/// Chooses how to compare two versions of a file, and does.
struct FileComparison {
  let old: [UInt8]?
  let new: [UInt8]?
  let path: String
  let listKeys: ListKeys
  let limits: Limits

  var result: FileDifference {
    let format = format
    guard kind != .unchanged else { return difference(format, .fields([])) }
    switch format {
    case .binary: return difference(format, .binary(oldSize: old?.count, newSize: new?.count))
    case .text: return difference(format, .lines(lines))
    default: break
    }
    do {
      let oldDocuments = try documents(old, as: format)
      let newDocuments = try documents(new, as: format)
      return difference(format, .fields(compare(oldDocuments, newDocuments)))
    } catch {
      return difference(format, .lines(lines), error: error)
    }
  }

  private var kind: FileDifference.Kind {
    switch (old, new) {
    case (nil, nil): .unchanged
    case (nil, _?): .added
    case (_?, nil): .removed
    case (let old?, let new?): old == new ? .unchanged : .changed
    }
  }

  /// The new file's format, unless either side is binary.
  private var format: DocumentFormat {
    let formats = [new, old].compactMap { $0 }.map { DocumentFormat.detect(path: path, bytes: $0) }
    return formats.contains(.binary) ? .binary : formats.first ?? DocumentFormat.detect(path: path, bytes: [])
  }

  private var lines: [LineHunk] { LineHunk.hunks(from: old ?? [], to: new ?? []) }

  /// Without the empty documents that a `---` at the end of a file, or around a comment, leaves.
  private func documents(_ bytes: [UInt8]?, as format: DocumentFormat) throws(DocumentError) -> [Document] {
    guard let bytes else { return [] }
    return try Document.parse(bytes, as: format, limits: limits).filter { $0.root.scalar != .null }
  }

  private func difference(
    _ format: DocumentFormat, _ content: FileDifference.Content, error: DocumentError? = nil
  ) -> FileDifference {
    FileDifference(path: path, kind: kind, format: format, content: content, parseError: error)
  }

  private func compare(_ old: [Document], _ new: [Document]) -> [DocumentDifference] {
    var result: [DocumentDifference] = []
    for pair in DocumentPairs(old, new).pairs {
      let before = pair.old.map { old[$0] }
      let after = pair.new.map { new[$0] }
      let fields = differences(from: before, to: after, listKeys: listKeys)
      if fields.isEmpty && before != nil && after != nil { continue }
      let kind: FieldDifference.Kind = before == nil ? .added : after == nil ? .removed : .changed
      result.append(
        DocumentDifference(
          position: pair.new ?? pair.old ?? 0, name: (after ?? before).flatMap(DocumentPairs.name), kind: kind,
          fields: fields))
    }
    return result
  }
}
