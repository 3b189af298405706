import Documents
import Git
import MooringModel

/// Makes the commit that says in Git what is live in production.
struct AdoptionMaker {
  let context: EnvironmentContext
  let deployed: StoredRelease
  /// Files of one folder that are adopted at once.
  static let mostFiles = 10_000

  let drifts: [ObjectName: OpenDrift]
  /// What the look found at the objects that are to be adopted.
  var found: [ObjectName: Difference] = [:]
  let secrets: SecretRules

  var git: Repository { context.repository.git }
  var definition: Definition { context.configuration.definition }

  /// The tree of a branch's tip with the live values in it.
  ///
  /// - Throws: `Fault` of what can't be adopted, and of a conflict with what the branch has become.
  func tree(of parts: [AdoptRequest.Part], on tip: ObjectID) async throws -> ObjectID {
    let head = try git.commit(tip).tree
    var edits = Edits()
    let takesObjects = context.configuration.target.takesObjects
    if takesObjects, definition.renderer != PlainRenderer.name, let first = parts.first?.object {
      return try await RenderedAdoption(self, first).tree(of: parts, on: tip)
    }
    for (object, fields) in Dictionary(grouping: parts, by: \.object).sorted(by: { $0.key < $1.key }) {
      let names = fields.compactMap(\.field)
      let wanted = names.count < fields.count ? nil : names
      if takesObjects {
        try await addManifest(object, fields: wanted, in: head, to: &edits)
      } else {
        for one in try await contents(of: object) { try await add(one, fields: wanted, to: &edits) }
      }
    }
    try writeManifests(&edits)
    try declare(edits.attributes, in: head, &edits)
    let old = try git.replacing(entriesAt: edits.base, in: head)
    let new = try git.replacing(entriesAt: edits.live, in: head)
    let tree = try old == head ? new : merged(new, into: head, base: old)
    try refuseNoInputs(in: tree)
    return tree
  }

  private func merged(_ new: ObjectID, into head: ObjectID, base old: ObjectID) throws -> ObjectID {
    switch try TreeMerge(git: git, secrets: secrets).merge(base: old, ours: head, theirs: new) {
    case .merged(let merged): return merged.tree
    case .conflicts(let conflicts):
      let table = RevertConflictTable(conflicts: conflicts, headings: ["field", "live", "branch", "deployed"])
      throw Fault(
        .conflict, "the branch has changed the same since:\n" + table.text,
        remedy: "deploy what is on the branch first, or change it there by hand")
    }
  }

  /// What is to be written, as it was deployed and as it is live; and what is to be declared.
  struct Edits {
    var base: [(path: String, entry: TreeEntry?)] = []
    var live: [(path: String, entry: TreeEntry?)] = []
    var attributes: [(object: ObjectName, declared: FileAttributes, kind: TreeEntry.Mode)] = []
    /// Files that hold objects of a cluster, by their path in the repository.
    var manifests: [String: ManifestFile] = [:]
  }

  /// The files of a folder that somebody made; of anything else itself.
  private func contents(of object: ObjectName) async throws -> [ObjectName] {
    guard found[object]?.kind == .added,
      try await context.target.read(object, limit: HostTargetOptions.Limits().fileBytes) == nil
    else { return [object] }
    let rules = try DriftReader(context: context).rules(deployed)
    let files = try await context.target.files(in: object, limit: Self.mostFiles, rules)
    guard !files.isEmpty else { throw refused(object, "it holds no file that could be in Git") }
    return files
  }

  private func add(_ object: ObjectName, fields: [String]?, to edits: inout Edits) async throws {
    let difference = found[object]
    let old = deployed.entry(of: object)
    let declared = try await attributes(of: object, fields)
    if old?.mode == .directory, difference?.kind == .changed {
      guard declared != FileAttributes() else { throw refused(object, Self.attributesElsewhere) }
      return edits.attributes.append((object, declared, .directory))
    }
    let (attributes, content) =
      fields.map { $0.parted { LiveAttributes.isAttribute($0, of: difference) } } ?? (nil, nil)
    let entry = try await liveEntry(
      object, fields: content, takesMode: attributes?.contains("mode") ?? true,
      isDeclared: declared != FileAttributes())
    let path = try repositoryPath(of: object)
    edits.base.append((path, old))
    edits.live.append((path, entry))
    if declared != FileAttributes(), let entry { edits.attributes.append((object, declared, entry.mode)) }
  }

  /// Where the inputs have an object: the way back from what the renderer `plain` does. From others there is none.
  func repositoryPath(of object: ObjectName) throws -> String {
    guard object.string != "current", object.releasePath != ".mooringignore" else {
      throw refused(object, "the link to the live release isn't in Git")
    }
    do { return try repositoryPath(of: RelativePath(object.releasePath), for: object) } catch let fault as Fault {
      throw fault.code == .refusedContent ? refused(object, fault.what) : fault
    }
  }

  /// Where the inputs have a file of the release.
  func repositoryPath(of file: RelativePath, for object: ObjectName) throws -> String {
    guard definition.renderer == "plain" else {
      throw refused(object, "it was rendered by `\(definition.renderer)`, so no file of the inputs holds it")
    }
    let path = file.string
    guard definition.paths.count == 1, let only = definition.paths.first, only != "." else { return path }
    let isFolder = try git.entry(at: only, in: git.commit(context.repository.tip()).tree)?.mode == .directory
    return isFolder ? "\(only)/\(path)" : path
  }

  func refused(_ object: ObjectName, _ why: String) -> Fault {
    Fault(
      .target, "can't be adopted: \(why)", at: object.string,
      remedy: "put it back with `mooring drift \(context.name) --heal`, or leave it alone with `--ignore`")
  }

  // MARK: One object

  /// - Parameters:
  ///   - fields: Of its content; `nil` for all of it.
  ///   - isDeclared: Whether its mode or owner is written down elsewhere, so that there may be nothing to write here.
  private func liveEntry(
    _ object: ObjectName, fields: [String]?, takesMode: Bool, isDeclared: Bool
  ) async throws -> TreeEntry? {
    let old = deployed.entry(of: object)
    guard let live = try await context.target.read(object, limit: HostTargetOptions.Limits().fileBytes) else {
      if drifts[object]?.kind == .removed { return nil }
      throw refused(object, "it is no file or link, or can't be read")
    }
    if live.object.kind == .link {
      return TreeEntry(name: "", mode: .link, id: try git.writeBlob(live.bytes))
    }
    let before = try old.flatMap { try $0.mode == .directory ? nil : git.blob($0.id) }
    if fields != [] { try refuseSecrets(object, before, live, fields ?? []) }
    guard let old, let before, old.mode != .link else {
      return TreeEntry(name: "", mode: live.isExecutable ? .executable : .regular, id: try git.writeBlob(live.bytes))
    }
    let bytes = try edited(object, before, live.bytes, fields)
    let isSame = bytes == before
    let mode = takesMode ? mode(old, live) : old.mode
    if isSame, mode == old.mode, !isDeclared { throw refused(object, Self.attributesElsewhere) }
    return TreeEntry(name: "", mode: mode, id: try isSame ? old.id : git.writeBlob(bytes))
  }

  /// Of a mode Git knows only this much.
  private func mode(_ old: TreeEntry, _ live: LiveContent) -> TreeEntry.Mode {
    live.isExecutable == (old.mode == .executable) ? old.mode : live.isExecutable ? .executable : .regular
  }

  private func edited(
    _ object: ObjectName, _ before: [UInt8], _ live: [UInt8], _ fields: [String]?
  ) throws(Fault) -> [UInt8] {
    let path = object.releasePath
    guard let fields else { return try LiveEdit(path: path, deployed: before, live: live, field: nil).bytes() }
    var bytes = before
    for field in fields {
      bytes = try LiveEdit(path: path, deployed: bytes, live: live, field: FieldPath(asked: field)).bytes()
    }
    return bytes
  }

  func refuseSecrets(
    _ object: ObjectName, _ before: [UInt8]?, _ live: LiveContent, _ fields: [String]
  ) throws(Fault) {
    guard before != live.bytes else { return }
    let difference = differences(from: before, to: live.bytes, path: object.releasePath)
    let paths = fields.isEmpty ? [nil] : fields.map { try? FieldPath(parsing: $0) }
    guard
      secrets.hides(object, mode: live.object.mode) || secrets.hideAll(of: difference, before, live.bytes)
        || paths.contains(where: { secrets.findsOne(in: difference, at: $0) })
    else { return }
    throw Fault(
      .refusedContent, "can't be adopted: it holds secrets, which would be in Git for ever", at: object.string,
      remedy: "adopt other fields by themselves, put it back, or commit it the way your secrets are kept")
  }
}

extension LiveContent {
  fileprivate var isExecutable: Bool { (object.mode ?? 0) & 0o100 != 0 }
}

extension [String] {
  /// Those for which something holds, and the others.
  fileprivate func parted(_ holds: (String) -> Bool) -> ([String]?, [String]?) {
    (filter(holds), filter { !holds($0) })
  }
}
