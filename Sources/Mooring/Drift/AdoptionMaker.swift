import Documents
import Git
import MooringModel

/// Makes the commit that says in Git what is live in production.
struct AdoptionMaker {
  let context: EnvironmentContext
  let deployed: StoredRelease
  let drifts: [ObjectName: OpenDrift]
  let secrets: SecretRules

  private var git: Repository { context.repository.git }
  private var definition: Definition { context.configuration.definition }

  /// The tree of a branch's tip with the live values in it.
  ///
  /// - Throws: `Fault` of what can't be adopted, and of a conflict with what the branch has become.
  func tree(of parts: [AdoptRequest.Part], on tip: ObjectID) async throws -> ObjectID {
    let head = try git.commit(tip).tree
    var (base, live): ([(path: String, entry: TreeEntry?)], [(path: String, entry: TreeEntry?)]) = ([], [])
    for (object, fields) in Dictionary(grouping: parts, by: \.object).sorted(by: { $0.key < $1.key }) {
      let path = try repositoryPath(of: object)
      let whole = fields.contains { $0.field == nil }
      base.append((path, deployed.entry(of: object)))
      live.append((path, try await liveEntry(object, fields: whole ? [] : fields.compactMap(\.field))))
    }
    let old = try git.replacing(entriesAt: base, in: head)
    let new = try git.replacing(entriesAt: live, in: head)
    if old == head { return new }
    switch try git.merge(head, new, base: old) {
    case .tree(let tree): return tree
    case .conflicts(let conflicts):
      throw Fault(
        .conflict, "the branch has changed the same lines since:\n" + ConflictText(conflicts).text,
        remedy: "deploy what is on the branch first, or change it there by hand")
    }
  }

  /// Where the inputs have an object: the way back from what the renderer `plain` does.
  private func repositoryPath(of object: ObjectName) throws -> String {
    guard object.string != "current", object.releasePath != ".mooringignore" else {
      throw refused(object, "the link to the live release isn't in Git")
    }
    let path: String
    do { path = try RelativePath(object.releasePath).string } catch { throw refused(object, error.what) }
    guard definition.paths.count == 1, let only = definition.paths.first, only != "." else { return path }
    let isFolder = try git.entry(at: only, in: git.commit(context.repository.tip()).tree)?.mode == .directory
    return isFolder ? "\(only)/\(path)" : path
  }

  private func refused(_ object: ObjectName, _ why: String) -> Fault {
    Fault(
      .target, "can't be adopted: \(why)", at: object.string,
      remedy: "put it back with `mooring drift \(context.name) --heal`, or leave it alone with `--ignore`")
  }

  // MARK: One object

  private func liveEntry(_ object: ObjectName, fields: [String]) async throws -> TreeEntry? {
    let old = deployed.entry(of: object)
    guard let live = try await context.target.read(object, limit: HostTargetOptions.Limits().fileBytes) else {
      if drifts[object]?.kind == .removed { return nil }
      throw refused(object, "it is no file or link, or can't be read")
    }
    if live.object.kind == .link {
      return TreeEntry(name: "", mode: .link, id: try git.writeBlob(live.bytes))
    }
    let before = try old.flatMap { try $0.mode == .directory ? nil : git.blob($0.id) }
    try refuseSecrets(object, before, live, fields)
    guard let old, let before, old.mode != .link else {
      return TreeEntry(name: "", mode: live.isExecutable ? .executable : .regular, id: try git.writeBlob(live.bytes))
    }
    let bytes = try edited(object, before, live.bytes, fields)
    let isSame = bytes == before
    if isSame, live.isExecutable == (old.mode == .executable) {
      throw refused(object, "mode and owner are not in Git; `.mooring-attributes` declares them")
    }
    return TreeEntry(name: "", mode: mode(old, live), id: try isSame ? old.id : git.writeBlob(bytes))
  }

  /// Releases of the `switch` layout have no other modes than these two.
  private func mode(_ old: TreeEntry, _ live: LiveContent) -> TreeEntry.Mode {
    live.isExecutable == (old.mode == .executable) ? old.mode : live.isExecutable ? .executable : .regular
  }

  private func edited(
    _ object: ObjectName, _ before: [UInt8], _ live: [UInt8], _ fields: [String]
  ) throws(Fault) -> [UInt8] {
    let path = object.releasePath
    if fields.isEmpty { return try LiveEdit(path: path, deployed: before, live: live, field: nil).bytes() }
    var bytes = before
    for field in fields {
      let parsed: FieldPath
      do { parsed = try FieldPath(parsing: field) } catch {
        throw Fault(.usage, "not a field's path: \(error)", at: field, remedy: "write it as in `worker.pool.size`")
      }
      bytes = try LiveEdit(path: path, deployed: bytes, live: live, field: parsed).bytes()
    }
    return bytes
  }

  private func refuseSecrets(
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
