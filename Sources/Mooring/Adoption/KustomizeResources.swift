import Documents
import MooringModel

/// The resources that lie in an overlay's own folder.
struct KustomizeResources {
  let kustomization: Kustomization
  let inputs: InputFiles

  private struct Site {
    var file: String
    var bytes: [UInt8]
    var site: ManifestSite
    /// Which entry of `resources` names the file.
    var entry: Int
  }

  private func sites(of change: RenderedChange) throws -> [Site] {
    let names = kustomization.names(of: change.name)
    var sites: [Site] = []
    for (entry, resource) in (kustomization.root["resources"]?.elements ?? []).enumerated() {
      guard let file = try kustomization.ownFile(resource.text, in: inputs), let bytes = try inputs.bytes(file) else {
        continue
      }
      for (place, document) in try Document.parse(bytes, as: ManifestSite.format(of: file)).enumerated() {
        for (item, object) in Self.objects(in: document.root)
        where object["kind"]?.text == change.objectKind && names.contains(object["metadata"]?["name"]?.text ?? "") {
          let origin = ObjectOrigin(file: try RelativePath(file), line: 1, document: place, item: item)
          sites.append(Site(file: file, bytes: bytes, site: ManifestSite(origin), entry: entry))
        }
      }
    }
    return sites
  }

  private static func objects(in root: Node) -> [(Int?, Node)] {
    guard let items = RenderedObjects.items(of: root) else { return [(nil, root)] }
    return items.enumerated().map { ($0.offset, $0.element) }
  }

  func edits(of change: RenderedChange, _ field: FieldDifference) throws -> [AdoptionCandidate] {
    try sites(of: change).compactMap { site in
      guard let edit = field.edit(document: site.site.document, below: site.site.prefix) else { return nil }
      do {
        let bytes = try Document.edit(site.bytes, as: site.site.format, [edit])
        return AdoptionCandidate(files: [(site.file, bytes)])
      } catch {
        // The resource doesn't say it; a patch may.
        return nil
      }
    }
  }

  func removals(of change: RenderedChange) throws -> [AdoptionCandidate] {
    try sites(of: change).compactMap { site in
      let left = try ManifestRemoval(path: site.file).bytes(site.bytes, without: [site.site])
      if let left { return AdoptionCandidate(files: [(site.file, left)]) }
      let edit = FieldEdit(path: FieldPath([.key("resources"), .index(site.entry)]), .remove)
      guard let listed = kustomization.edited(edit) else { return nil }
      return AdoptionCandidate(files: [(site.file, nil), (kustomization.file, listed)])
    }
  }

  func creation(of manifest: NewManifest) throws -> [AdoptionCandidate] {
    let stem = manifest.file.hasSuffix(".yaml") ? String(manifest.file.dropLast(5)) : manifest.file
    let file = try inputs.freeName(stem, in: kustomization.folder)
    guard let listed = kustomization.edited(kustomization.appending(.scalar(.string(file)), to: "resources")) else {
      return []
    }
    return [AdoptionCandidate(files: [(kustomization.path(of: file), manifest.bytes), (kustomization.file, listed)])]
  }
}
