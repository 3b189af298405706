import Documents

/// The patches of a kustomization: strategic merges and JSON patches, in files of its own or written out in place.
struct KustomizePatches {
  /// One patch, and where its text stands.
  struct Place {
    /// `nil` where the text stands in the kustomization itself.
    var file: String?
    var field: FieldPath
    var bytes: [UInt8]
    /// Whom it is for, where it doesn't say so itself.
    var target: Node?
  }

  let kustomization: Kustomization
  let places: [Place]

  init(_ kustomization: Kustomization, in inputs: InputFiles) throws {
    self.kustomization = kustomization
    var places: [Place] = []
    for key in ["patches", "patchesJson6902", "patchesStrategicMerge"] {
      for (number, element) in (kustomization.root[key]?.elements ?? []).enumerated() {
        let field = FieldPath([.key(key), .index(number)])
        if let place = try Self.place(element, field, kustomization, inputs) { places.append(place) }
      }
    }
    self.places = places
  }

  private static func place(
    _ element: Node, _ field: FieldPath, _ kustomization: Kustomization, _ inputs: InputFiles
  ) throws -> Place? {
    if let text = element["patch"]?.scalar?.stringValue {
      return Place(file: nil, field: field.appending(key: "patch"), bytes: Array(text.utf8), target: element["target"])
    }
    guard let reference = element["path"]?.text ?? element.scalar?.stringValue else { return nil }
    if reference.contains("\n") { return Place(file: nil, field: field, bytes: Array(reference.utf8), target: nil) }
    guard let file = try kustomization.ownFile(reference, in: inputs), let bytes = try inputs.bytes(file) else {
      return nil
    }
    return Place(file: file, field: field, bytes: bytes, target: element["target"])
  }

  // MARK: Candidates

  /// Edits of patches that say something of the changed field already.
  func saying(_ change: RenderedChange, _ field: FieldDifference) -> [AdoptionCandidate] {
    places.flatMap { place in
      documents(of: place).flatMap { number, document -> [AdoptionCandidate] in
        if document.root.kind == .sequence {
          return operations(document, number, place, change, field)
        }
        guard isOf(change, document.root, place), document[field.path] != nil else { return [] }
        return strategicEdits(document, number, place, field)
      }
    }
  }

  /// Edits of patches of the same object that say nothing of the field yet.
  func adding(_ change: RenderedChange, _ field: FieldDifference) -> [AdoptionCandidate] {
    places.flatMap { place in
      documents(of: place).compactMap { number, document -> AdoptionCandidate? in
        guard document.root.kind == .mapping, isOf(change, document.root, place), document[field.path] == nil else {
          return nil
        }
        return StrategicMerge.addition(of: field, document: number).flatMap { candidate(place, [$0]) }
      }
    }
  }

  private func documents(of place: Place) -> [(Int, Document)] {
    do { return Array(try Document.parse(place.bytes, as: .yaml).enumerated()).map { ($0.offset, $0.element) } } catch {
      // What can't be read is not where the value comes from.
      return []
    }
  }

  private func isOf(_ change: RenderedChange, _ patch: Node, _ place: Place) -> Bool {
    let names = kustomization.names(of: change.name)
    if let target = place.target { return isTarget(target, of: change, names) }
    return patch["kind"]?.text == change.objectKind && names.contains(patch["metadata"]?["name"]?.text ?? "")
  }

  /// Names of targets are regular expressions; those that aren't plain names are taken to fit, and rendering shows it.
  private func isTarget(_ target: Node, of change: RenderedChange, _ names: [String]) -> Bool {
    if let kind = target["kind"]?.text, kind != change.objectKind { return false }
    guard let name = target["name"]?.text else { return true }
    return names.contains(name) || name.contains { "*|[(?+^$".contains($0) }
  }

  private func strategicEdits(
    _ document: Document, _ number: Int, _ place: Place, _ field: FieldDifference
  ) -> [AdoptionCandidate] {
    var edits: [FieldEdit?] = []
    switch field.kind {
    case .removed:
      edits.append(FieldEdit(document: number, path: field.path, .remove))
      edits.append(FieldEdit(document: number, path: field.path, .set(.scalar(.null))))
    case .added, .changed:
      edits.append(field.new.map { FieldEdit(document: number, path: field.path, .set($0)) })
    }
    return edits.compactMap { edit in edit.flatMap { candidate(place, [$0]) } }
  }

  /// Of a JSON patch (RFC 6902), the operation on the field itself.
  private func operations(
    _ document: Document, _ number: Int, _ place: Place, _ change: RenderedChange, _ field: FieldDifference
  ) -> [AdoptionCandidate] {
    guard place.target.map({ isTarget($0, of: change, kustomization.names(of: change.name)) }) ?? false,
      let pointer = JSONPointer(field.path, in: change.root)
    else { return [] }
    return document.root.elements.enumerated().compactMap { index, operation in
      guard operation["path"]?.text == pointer.text else { return nil }
      let at = FieldPath([.index(index)])
      let edit =
        field.new.map { FieldEdit(document: number, path: at.appending(key: "value"), .set($0)) }
        ?? FieldEdit(document: number, path: at, .remove)
      return candidate(place, [edit])
    }
  }

  private func candidate(_ place: Place, _ edits: [FieldEdit]) -> AdoptionCandidate? {
    guard let bytes = Kustomization.edit(place.bytes, edits) else { return nil }
    if let file = place.file { return AdoptionCandidate(files: [(file, bytes)]) }
    let text = FieldValue.scalar(.string(String(decoding: bytes, as: UTF8.self)))
    guard let edited = kustomization.edited(FieldEdit(path: place.field, .set(text))) else { return nil }
    return AdoptionCandidate(files: [(kustomization.file, edited)])
  }
}
