import Documents
import MooringModel

/// The bytes by which a file of the release comes to say what is live: of a structured file only the fields that differ
/// are written, and everything else stays byte for byte.
struct LiveEdit {
  let path: String
  let deployed: [UInt8]
  let live: [UInt8]
  /// One field alone, and those below it.
  let field: FieldPath?
  /// What a fault says can't be done with the field.
  var act = "adopted"

  /// - Throws: `Fault` where one field is asked for and can't be taken alone.
  func bytes() throws(Fault) -> [UInt8] {
    let difference = differences(from: deployed, to: live, path: path)
    guard case .fields(let documents) = difference.content, !documents.isEmpty else {
      if let field { throw alone(field, "the file has no fields that differ") }
      return live
    }
    let wanted = documents.flatMap { document in
      document.fields.filter { field == nil || $0.path.isInside(field ?? .root) }.map { (document, $0) }
    }
    if let field, wanted.isEmpty { throw alone(field, "it is live as it was deployed") }
    do {
      let edited = try edit(wanted)
      let left = differences(from: edited, to: live, path: path).fields.count
      if left == documents.flatMap(\.fields).count - wanted.count { return edited }
      if let field { throw alone(field, "it can't be taken by itself") }
    } catch let error as EditError {
      if let field { throw alone(field, "\(error)") }
    } catch let fault as Fault {
      throw fault
    } catch {
      throw Fault(.unexpected, "\(error)", at: path)
    }
    return live
  }

  private func alone(_ field: FieldPath, _ why: String) -> Fault {
    Fault(
      .conflict, "the field \(field) can't be \(act): \(why)", at: path, remedy: "name the file without its field")
  }

  private func edit(_ wanted: [(document: DocumentDifference, field: FieldDifference)]) throws -> [UInt8] {
    let format = DocumentFormat.detect(path: path, bytes: deployed)
    let places = try places(format)
    let edits = wanted.compactMap { document, field in places(document).flatMap { field.edit(document: $0) } }
    return try Document.edit(deployed, as: format, edits.inOrder)
  }

  /// Where a document that differs stands in the deployed file: empty ones count there, and not in differences.
  private func places(_ format: DocumentFormat) throws -> (DocumentDifference) -> Int? {
    let all = try Document.parse(deployed, as: format).enumerated().filter { $0.element.root.scalar != .null }
    let named = Dictionary(
      all.compactMap { place, document in document.objectName.map { ($0, place) } },
      uniquingKeysWith: { first, _ in first })
    return { difference in
      if let name = difference.name, let place = named[name] { return place }
      return all.indices.contains(difference.position) ? all[difference.position].offset : nil
    }
  }
}

extension FieldPath {
  /// The field that a person names.
  init(asked text: String) throws(Fault) {
    do { try self.init(parsing: text) } catch {
      throw Fault(.usage, "not a field's path: \(error)", at: text, remedy: "write it as in `worker.pool.size`")
    }
  }
}

extension Document {
  /// `kind/namespace/name` of a Kubernetes object.
  fileprivate var objectName: String? {
    guard let kind = root["kind"]?.scalar?.stringValue, let name = root["metadata"]?["name"]?.text else { return nil }
    return [kind, root["metadata"]?["namespace"]?.text, name].compactMap { $0 }.joined(separator: "/")
  }
}
