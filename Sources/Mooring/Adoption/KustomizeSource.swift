import Documents
import MooringModel

/// Writes changes down in an overlay of kustomize: where the overlay says the field already, in its fields for replicas,
/// images and literals or in a patch; in a resource of its own; and otherwise in a patch. Bases, which others may share,
/// stay as they are.
struct KustomizeSource: AdoptionSource {
  /// The folder of the kustomization that is rendered.
  let folder: String

  func candidates(for change: RenderedChange, in inputs: InputFiles) throws -> [AdoptionCandidate] {
    guard let kustomization = try Kustomization(in: folder, of: inputs) else { return [] }
    let resources = KustomizeResources(kustomization: kustomization, inputs: inputs)
    switch change.kind {
    case .creation(let manifest): return try resources.creation(of: manifest)
    case .removal: return try resources.removals(of: change) + newPatches(for: change, nil, kustomization, inputs)
    case .field(let field):
      let patches = try KustomizePatches(kustomization, in: inputs)
      return KustomizeFields(kustomization: kustomization).candidates(for: change, field)
        + patches.saying(change, field) + (try resources.edits(of: change, field)) + patches.adding(change, field)
        + (try newPatches(for: change, field, kustomization, inputs))
    }
  }

  /// - Parameter field: `nil` to take the object out.
  private func newPatches(
    for change: RenderedChange, _ field: FieldDifference?, _ kustomization: Kustomization, _ inputs: InputFiles
  ) throws -> [AdoptionCandidate] {
    let edit =
      field.map { StrategicMerge.addition(of: $0) }
      ?? FieldEdit(path: FieldPath(keys: "$patch"), .add(.scalar(.string("delete"))))
    guard let edit else { return [] }
    let file = try inputs.freeName("patch-\(change.objectKind.lowercased())-\(change.name)", in: folder)
    // Bases of older times list their patches by file alone.
    let isOld = kustomization.root["patches"] == nil && kustomization.root["patchesStrategicMerge"] != nil
    let name = FieldValue.scalar(.string(file))
    let listing =
      isOld
      ? kustomization.appending(name, to: "patchesStrategicMerge")
      : kustomization.appending(.mapping([.init(key: "path", value: name)]), to: "patches")
    guard let listed = kustomization.edited(listing) else { return [] }
    return kustomization.names(of: change.name).flatMap { name in
      [nil, change.namespace].compactMap { namespace -> AdoptionCandidate? in
        let heading = StrategicMerge.heading(change, name: name, namespace: namespace)
        return Kustomization.edit(Array(heading.yaml.utf8), [edit]).map {
          AdoptionCandidate(files: [(kustomization.path(of: file), $0), (kustomization.file, listed)])
        }
      }
    }
  }
}

extension InputFiles {
  /// The name of a new YAML file in a folder.
  func freeName(_ stem: String, in folder: String) throws -> String {
    let taken = Set(try names(in: folder))
    return try FreeName.first(of: stem.replacing(":", with: "-") + ".yaml", in: folder) { !taken.contains($0) }
  }
}
