import Documents
import Git
import MooringModel

extension AdoptionMaker {
  /// Writes an object's live fields into the manifest that it was made from; several manifests may share a file.
  func addManifest(_ object: ObjectName, fields: [String]?, to edits: inout Edits) async throws {
    guard let origin = try await context.target.origin(of: object, in: deployed) else {
      throw refused(object, "no manifest is there; write one")
    }
    guard let live = try await context.target.read(object, limit: HostTargetOptions.Limits().fileBytes),
      let expected = live.expected
    else { throw refused(object, "it is gone; remove its manifest") }
    let path = try repositoryPath(of: origin.file, for: object)
    guard let old = try git.entry(at: origin.file.string, in: deployed.digest.object) else {
      throw refused(object, "its manifest is gone")
    }
    try refuseSecrets(object, expected, live, fields ?? [])
    let deployedBytes = try git.blob(old.id)
    let place = edits.live.firstIndex { $0.path == path }
    let bytes = try place.flatMap { try edits.live[$0].entry.map { try git.blob($0.id) } } ?? deployedBytes
    let site = try ManifestSite(origin, in: deployedBytes)
    let edit = ManifestEdit(object: object, expected: expected, live: live.bytes, fields: fields)
    let entry = TreeEntry(name: "", mode: old.mode, id: try git.writeBlob(try edit.bytes(bytes, at: site)))
    if let place {
      edits.live[place].entry = entry
    } else {
      edits.base.append((path, old))
      edits.live.append((path, entry))
    }
  }
}

/// Which document of a file an object is, or which item of a list in it.
struct ManifestSite {
  let format: DocumentFormat
  let document: Int
  let prefix: FieldPath

  /// - Throws: `Fault` where no object begins there.
  init(_ origin: ObjectOrigin, in bytes: [UInt8]) throws {
    format = DocumentFormat.detect(path: origin.file.string, bytes: bytes)
    for (index, document) in try Document.parse(bytes, as: format).enumerated() {
      let items = document.root["items"]?.elements ?? []
      if let item = items.firstIndex(where: { $0.mark.line == origin.line }) {
        (self.document, prefix) = (index, FieldPath([.key("items"), .index(item)]))
        return
      }
      if document.root.mark.line == origin.line {
        (self.document, prefix) = (index, .root)
        return
      }
    }
    throw Fault(.unexpected, "no object begins on line \(origin.line)", at: origin.file.string)
  }
}

/// Brings the fields in which an object differs into its manifest, and leaves everything else in the file as it is.
struct ManifestEdit {
  let object: ObjectName
  /// What the manifest sets, as JSON, and what is there instead.
  let expected: [UInt8]
  let live: [UInt8]
  /// Paths; `nil` for all that differ.
  let fields: [String]?

  /// - Throws: `Fault` for a field that doesn't differ, or can't be written.
  func bytes(_ bytes: [UInt8], at site: ManifestSite) throws(Fault) -> [UInt8] {
    let difference = differences(from: expected, to: live, path: "object.json")
    guard case .fields(let documents) = difference.content else { return bytes }
    var wanted = documents.flatMap(\.fields)
    if let fields {
      var asked: [FieldPath] = []
      for field in fields { asked.append(try FieldPath(asked: field)) }
      wanted = wanted.filter { change in asked.contains { change.path.isInside($0) } }
      if wanted.isEmpty {
        throw Fault(.notFound, "\(fields.joined(separator: ", ")) doesn't differ", at: object.string)
      }
    }
    let edits = wanted.compactMap { $0.edit(document: site.document, below: site.prefix) }.inOrder
    do { return try Document.edit(bytes, as: site.format, edits) } catch {
      throw Fault(
        .conflict, "its manifest can't be edited: \(error)", at: object.string,
        remedy: "change it in the repository by hand")
    }
  }
}
