import Documents
import Git
import MooringModel

/// Adopts what is live into the inputs of a renderer.
///
/// Where a rendered field comes from can't be known without knowing the renderer by heart. So ways to write the change
/// down are tried, the best place first, and each is rendered: the first one that makes exactly the wanted change in the
/// release, and no other, is taken. Where there is none, nothing is committed.
struct RenderedAdoption {
  /// Renderings that one adoption may take.
  static let mostRenderings = 100

  let maker: AdoptionMaker
  let source: any AdoptionSource

  /// - Throws: `Fault` where the environment's renderer has no inputs that could be edited.
  init(_ maker: AdoptionMaker, _ object: ObjectName) throws {
    self.maker = maker
    switch maker.context.configuration.renderer.kind {
    case .kustomize(let options): source = KustomizeSource(folder: options.path)
    case .helm(let options): source = HelmSource(options: options)
    case .plain, .jsonnet, .command:
      throw maker.refused(
        object, "it was rendered by `\(maker.definition.renderer)`, and which of its inputs says it can't be known")
    }
  }

  /// The tree of a branch's tip with the live values in its inputs.
  ///
  /// - Throws: `Fault` of what can't be adopted.
  func tree(of parts: [AdoptRequest.Part], on tip: ObjectID) async throws -> ObjectID {
    let tree = try maker.git.commit(tip).tree
    var state = State(tree: tree, rendered: try await rendered(tree))
    for (object, fields) in Dictionary(grouping: parts, by: \.object).sorted(by: { $0.key < $1.key }) {
      let names = fields.compactMap(\.field)
      let wanted = names.count < fields.count ? nil : names
      try await adopt(object, fields: wanted, &state)
    }
    return state.tree
  }

  private struct State {
    var tree: ObjectID
    /// What the tree's inputs become.
    var rendered: ObjectID
    var renderings = 0
  }

  private func adopt(_ object: ObjectName, fields: [String]?, _ state: inout State) async throws {
    guard let origin = try await maker.context.target.origin(of: object, in: maker.deployed) else {
      let manifest = try await maker.newManifest(of: object)
      return try await adopt(try creation(object, manifest), &state)
    }
    let file = origin.file.string
    if maker.found[object]?.kind == .removed {
      return try await adopt(
        RenderedChange(object: object, kind: .removal, root: try document(file, object, state).root, wanted: nil),
        &state)
    }
    let wanted = try await maker.liveEdit(of: object, fields).wanted()
    // What goes is named by its place in the old object, so it goes first and from behind.
    for field in wanted.filter({ $0.kind == .removed }).reversed() + wanted.filter({ $0.kind != .removed }) {
      try await adopt(try change(field, of: object, file, state), &state)
    }
  }

  // MARK: What is wanted

  private func document(_ file: String, _ object: ObjectName, _ state: State) throws -> Document {
    guard let entry = try maker.git.entry(at: file, in: state.rendered),
      let document = try Document.parse(maker.git.blob(entry.id), as: .yaml).first
    else { throw conflict(object, "the branch doesn't have it any more") }
    return document
  }

  private func change(
    _ field: FieldDifference, of object: ObjectName, _ file: String, _ state: State
  ) throws -> RenderedChange {
    let document = try document(file, object, state)
    guard document[field.path].map(FieldValue.init) == field.old, let edit = field.edit(document: 0) else {
      throw conflict(object, "the branch has changed \(field.path) since")
    }
    let bytes: [UInt8]
    do { bytes = try Document.edit(Array(FieldValue(document.root).yaml.utf8), as: .yaml, [edit]) } catch {
      throw maker.refused(object, "\(field.path): \(error)")
    }
    return RenderedChange(
      object: object, kind: .field(field), root: document.root, wanted: try Document.parse(bytes, as: .yaml).first)
  }

  private func creation(_ object: ObjectName, _ manifest: NewManifest) throws -> RenderedChange {
    guard let document = try Document.parse(manifest.bytes, as: .yaml).first else {
      throw maker.refused(object, "it can't be written down")
    }
    return RenderedChange(object: object, kind: .creation(manifest), root: document.root, wanted: document)
  }

  private func conflict(_ object: ObjectName, _ why: String) -> Fault {
    Fault(
      .conflict, "can't be adopted: \(why)", at: object.string,
      remedy: "deploy what is on the branch first, or change it there by hand")
  }

  // MARK: Trying

  /// - Throws: `Fault` where no way to write it down renders to what is wanted; the state is then as it was.
  private func adopt(_ change: RenderedChange, _ state: inout State) async throws {
    let git = maker.git
    let inputs = try InputFiles(git, of: state.tree, paths: maker.definition.paths)
    for candidate in try source.candidates(for: change, in: inputs) {
      state.renderings += 1
      guard state.renderings <= Self.mostRenderings else { break }
      let entries = try candidate.files.map { file in
        let mode = try git.entry(at: file.path, in: state.tree)?.mode ?? .regular
        return (
          path: file.path, entry: try file.bytes.map { TreeEntry(name: "", mode: mode, id: try git.writeBlob($0)) }
        )
      }
      let tree = try git.replacing(entriesAt: entries, in: state.tree)
      guard tree != state.tree, let rendered = try await attempt(tree) else { continue }
      guard try RenderedProof(git, from: state.rendered, to: rendered).shows(change) else { continue }
      (state.tree, state.rendered) = (tree, rendered)
      return
    }
    throw maker.refused(
      change.object,
      "no edit of the inputs of `\(maker.definition.renderer)` was found that makes \(change.subject) so, and changes "
        + "nothing else")
  }

  /// - Returns: `nil` where the inputs can't be rendered.
  private func attempt(_ tree: ObjectID) async throws -> ObjectID? {
    guard case .rendered(let rendered, let objects) = try await rendering(tree) else { return nil }
    try maker.git.write(objects)
    return rendered
  }

  private func rendered(_ tree: ObjectID) async throws -> ObjectID {
    switch try await rendering(tree) {
    case .rendered(let rendered, let objects):
      try maker.git.write(objects)
      return rendered
    case .refused(let fault): throw fault
    }
  }

  private func rendering(_ tree: ObjectID) async throws -> Rendering {
    try await maker.context.rendering.renderer.render(tree, maker.definition, trusting: nil)
  }
}
