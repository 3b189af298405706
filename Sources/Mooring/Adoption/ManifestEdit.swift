import Documents
import MooringModel

/// Brings the fields in which an object differs into its manifest, and leaves everything else in the file as it is.
struct ManifestEdit {
  let object: ObjectName
  /// What the manifest sets, as JSON, and what is there instead.
  let expected: [UInt8]
  let live: [UInt8]
  /// Paths; `nil` for all that differ.
  let fields: [String]?

  /// The fields that are to be brought in.
  ///
  /// - Throws: `Fault` for a field that doesn't differ.
  func wanted() throws(Fault) -> [FieldDifference] {
    let all = differences(from: expected, to: live, path: "object.json").fields
    guard let fields else { return all }
    var asked: [FieldPath] = []
    for field in fields { asked.append(try FieldPath(asked: field)) }
    let wanted = all.filter { change in asked.contains { change.path.isInside($0) } }
    if wanted.isEmpty {
      throw Fault(.notFound, "\(fields.joined(separator: ", ")) doesn't differ", at: object.string)
    }
    return wanted
  }

  /// - Throws: `Fault` for a field that doesn't differ, or can't be written.
  func bytes(_ bytes: [UInt8], at site: ManifestSite) throws(Fault) -> [UInt8] {
    let edits = try wanted().compactMap { $0.edit(document: site.document, below: site.prefix) }.inOrder
    do { return try Document.edit(bytes, as: site.format, edits) } catch {
      throw Fault(
        .conflict, "its manifest can't be edited: \(error)", at: object.string,
        remedy: "change it in the repository by hand")
    }
  }
}
