import Git
import MooringModel

/// Modes and owners, which Git doesn't know: in the layout `inPlace` they are declared in the attributes file.
extension AdoptionMaker {
  static let attributesElsewhere = "mode and owner of a release's files are not its own in the layout `switch`"

  private var isInPlace: Bool { !context.configuration.target.isSwitched }

  /// What is to be declared of an object: how it differs from what was, or what somebody gave to a new file.
  func attributes(of object: ObjectName, _ fields: [String]?) async throws -> FileAttributes {
    guard isInPlace else { return FileAttributes() }
    if let difference = found[object], difference.kind == .changed {
      return try LiveAttributes(of: difference, fields: fields).declared
    }
    let limit = HostTargetOptions.Limits().fileBytes
    guard !deployed.holds(object), let live = try await context.target.read(object, limit: limit)?.object,
      live.kind == .file
    else { return FileAttributes() }
    return try LiveAttributes(of: live, object).declared
  }

  /// Writes the attributes file as the branch has it by now.
  func declare(
    _ attributes: [(object: ObjectName, declared: FileAttributes, kind: TreeEntry.Mode)], in head: ObjectID,
    _ edits: inout Edits
  ) throws {
    guard !attributes.isEmpty, case .host(let options) = context.configuration.target else { return }
    let file = ObjectName(path: AttributeRule.fileName.utf8)
    guard definition.paths.count == 1 || deployed.holds(file) else {
      throw refused(file, "several inputs have no attributes file together")
    }
    let path = try repositoryPath(of: file)
    let old = try git.entry(at: path, in: head)
    let before = try old.map { try git.blob($0.id) } ?? []
    var adoption = AttributeAdoption(in: before, operatorRules: options.attributes)
    for (object, declared, kind) in attributes {
      try adoption.declare(
        declared, of: RelativePath(object.releasePath), isFolder: kind == .directory,
        usual: kind == .regular ? 0o644 : 0o755)
    }
    guard adoption.bytes != before else { return }
    edits.base.append((path, old))
    edits.live.append((path, TreeEntry(name: "", mode: .regular, id: try git.writeBlob(adoption.bytes))))
  }
}
