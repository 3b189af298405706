import Documents

/// The kustomization of one folder of the inputs, as its file says it.
///
/// https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
struct Kustomization {
  let folder: String
  let file: String
  let bytes: [UInt8]
  let root: Node

  /// - Returns: `nil` where the folder has none.
  init?(in folder: String, of inputs: InputFiles) throws {
    let paths = KustomizationCheck.names.map { folder == "." ? $0 : "\(folder)/\($0)" }
    guard let file = try paths.first(where: { try inputs.isFile($0) }), let bytes = try inputs.bytes(file),
      let root = try inputs.document(file)
    else { return nil }
    self.folder = folder
    self.file = file
    self.bytes = bytes
    self.root = root
  }

  func path(of name: String) -> String { folder == "." ? name : "\(folder)/\(name)" }

  /// The file that a reference names, where it lies in the folder itself.
  func ownFile(_ reference: String, in inputs: InputFiles) throws -> String? {
    guard let path = InputFiles.resolve(reference, in: folder), try inputs.isFile(path),
      folder == "." || path.hasPrefix(folder + "/")
    else { return nil }
    return path
  }

  /// The bytes with some edits; `nil` where they can't be made.
  func edited(_ edits: FieldEdit...) -> [UInt8]? { Kustomization.edit(bytes, edits) }

  /// An edit that can't be made is no candidate, and no error.
  static func edit(_ bytes: [UInt8], _ edits: [FieldEdit]) -> [UInt8]? {
    do { return try Document.edit(bytes, as: .yaml, edits) } catch { return nil }
  }

  /// What lists another element.
  func appending(_ value: FieldValue, to key: String) -> FieldEdit {
    if let list = root[key], list.kind == .sequence {
      return FieldEdit(path: FieldPath([.key(key), .index(list.elements.count)]), .add(value))
    }
    return FieldEdit(path: FieldPath(keys: key), root[key] == nil ? .add(.sequence([value])) : .set(.sequence([value])))
  }

  /// Names that an object may have before `namePrefix` and `nameSuffix`.
  func names(of rendered: String) -> [String] {
    let prefix = root["namePrefix"]?.text ?? ""
    let suffix = root["nameSuffix"]?.text ?? ""
    guard rendered.hasPrefix(prefix), rendered.hasSuffix(suffix), prefix.count + suffix.count < rendered.count else {
      return [rendered]
    }
    let plain = String(rendered.dropFirst(prefix.count).dropLast(suffix.count))
    return plain == rendered ? [rendered] : [plain, rendered]
  }
}
