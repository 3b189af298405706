import Documents
import Git
import MooringModel

/// Objects of a cluster, of which several may share a file.
extension AdoptionMaker {
  /// A file of manifests on its way to saying what is live.
  struct ManifestFile {
    let old: TreeEntry
    var bytes: [UInt8]
    /// Objects that are gone, as they stand in the file.
    var removed: [ManifestSite] = []
  }

  /// Writes an object's live fields into the manifest that it was made from; takes the manifest away where the object is
  /// gone, and makes a file for one that somebody else made.
  func addManifest(_ object: ObjectName, fields: [String]?, in head: ObjectID, to edits: inout Edits) async throws {
    guard let origin = try await context.target.origin(of: object, in: deployed) else {
      return try await addNewManifest(object, in: head, to: &edits)
    }
    let path = try repositoryPath(of: origin.file, for: object)
    var file = try edits.manifests[path] ?? manifestFile(origin.file, object)
    let site = ManifestSite(origin)
    if found[object]?.kind == .removed {
      file.removed.append(site)
    } else {
      let edit = try await liveEdit(of: object, fields)
      file.bytes = try edit.bytes(file.bytes, at: site)
    }
    edits.manifests[path] = file
  }

  /// What brings an object's manifest to what is live.
  ///
  /// - Throws: `Fault` where it is gone, is too large, or holds secrets.
  func liveEdit(of object: ObjectName, _ fields: [String]?) async throws -> ManifestEdit {
    guard let live = try await context.target.read(object, limit: HostTargetOptions.Limits().fileBytes),
      let expected = live.expected
    else { throw refused(object, "it is gone, or too large") }
    try refuseSecrets(object, expected, live, fields ?? [])
    return ManifestEdit(object: object, expected: expected, live: live.bytes, fields: fields)
  }

  private func manifestFile(_ file: RelativePath, _ object: ObjectName) throws -> ManifestFile {
    guard let old = try git.entry(at: file.string, in: deployed.digest.object) else {
      throw refused(object, "its manifest is gone")
    }
    return ManifestFile(old: old, bytes: try git.blob(old.id))
  }

  // MARK: Objects that somebody else made

  private func addNewManifest(_ object: ObjectName, in head: ObjectID, to edits: inout Edits) async throws {
    let manifest = try await newManifest(of: object)
    guard let folder = try newFolder(in: head) else { throw refused(object, "the inputs have no folder for its file") }
    let path = try freePath(folder, manifest.file, in: head, besides: edits.live.map(\.path))
    edits.base.append((path, nil))
    edits.live.append((path, TreeEntry(name: "", mode: .regular, id: try git.writeBlob(manifest.bytes))))
  }

  /// The manifest of an object that isn't in the release.
  ///
  /// - Throws: `Fault` where it is gone, or holds secrets.
  func newManifest(of object: ObjectName) async throws -> NewManifest {
    guard let manifest = try await context.target.manifest(of: object) else {
      throw refused(object, "it is gone, or of a kind that the release doesn't have")
    }
    let content = LiveContent(object: LiveObject(kind: .object, size: manifest.bytes.count), bytes: manifest.bytes)
    try refuseSecrets(object, nil, content, [])
    return manifest
  }

  /// The first folder among the inputs.
  private func newFolder(in head: ObjectID) throws -> String? {
    try definition.paths.first { path in
      try path == "." || git.entry(at: path, in: head)?.mode == .directory
    }
  }

  /// A path that no file has.
  func freePath(_ folder: String, _ file: String, in tree: ObjectID, besides taken: [String] = []) throws -> String {
    let start = folder == "." ? "" : folder + "/"
    return try start
      + FreeName.first(of: file, in: folder) { name in
        try !taken.contains(start + name) && git.entry(at: start + name, in: tree) == nil
      }
  }

  // MARK: The end

  /// Takes objects that are gone out of the files, and files that hold nothing any more out of the tree.
  func writeManifests(_ edits: inout Edits) throws {
    for (path, file) in edits.manifests.sorted(by: { $0.key < $1.key }) {
      let bytes = try ManifestRemoval(path: path).bytes(file.bytes, without: file.removed)
      edits.base.append((path, file.old))
      let entry = try bytes.map { TreeEntry(name: "", mode: file.old.mode, id: try git.writeBlob($0)) }
      edits.live.append((path, entry))
    }
  }

  /// A release can't be made of inputs that aren't there: Git keeps no empty folder.
  func refuseNoInputs(in tree: ObjectID) throws {
    for path in definition.paths where path != "." {
      guard try git.entry(at: path, in: tree) == nil else { continue }
      throw Fault(
        .conflict, "nothing would be left in it", at: path,
        remedy: "keep a file in it that is no manifest, such as a README, and repeat")
    }
  }
}
