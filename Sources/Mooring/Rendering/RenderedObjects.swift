import Documents
import Git
import MooringModel

/// The objects that a renderer printed, as files of a release.
struct RenderedObjects {
  /// Objects of one release.
  static let mostObjects = 20_000
  private static let limits = Limits(bytes: 64 << 20, nodes: 4_000_000, documents: mostObjects)

  private(set) var objects: [RenderedObject] = []

  /// Reads YAML or JSON: documents, lists (`kind: List`) and, where `nested`, objects at any depth of lists and mappings.
  ///
  /// - Throws: `Fault` for what is no object, and for two of one identity.
  init(printed bytes: [UInt8], nested: Bool) throws {
    let documents: [Document]
    do throws(DocumentError) {
      documents = try Document.parse(bytes, as: .yaml, limits: Self.limits)
    } catch {
      throw Fault(
        .refusedContent, "what the renderer printed can't be read: \(error)", remedy: "correct it in the repository")
    }
    for document in documents { try add(document.root, nested: nested) }
    try refuseTwins()
  }

  private mutating func add(_ node: Node, nested: Bool) throws {
    if node.scalar == .null { return }
    if let items = Self.items(of: node) {
      for item in items { try add(item, nested: nested) }
    } else if nested, node.kind == .sequence {
      for element in node.elements { try add(element, nested: nested) }
    } else if nested, node.kind == .mapping, node["apiVersion"] == nil || node["kind"] == nil {
      for entry in node.entries { try add(entry.value, nested: nested) }
    } else {
      if EncryptedFiles.isEncrypted(node) { throw EncryptedFiles.fault(at: try RenderedObject(node).path) }
      objects.append(try RenderedObject(node))
    }
    guard objects.count <= Self.mostObjects else {
      throw Fault(.limit, "more than \(Self.mostObjects) objects", remedy: "split the environment")
    }
  }

  /// Of `List`, and of the lists of one kind that a server answers with.
  static func items(of node: Node) -> [Node]? {
    guard let items = node["items"], items.kind == .sequence,
      node["kind"]?.scalar?.stringValue?.hasSuffix("List") == true
    else { return nil }
    return items.elements
  }

  private func refuseTwins() throws {
    var seen: Set<String> = []
    for object in objects where !seen.insert(object.path).inserted {
      throw Fault(
        .refusedContent, "\(object.description) is printed twice", remedy: "leave one of them, and commit that")
    }
  }

  /// Writes a file for each object, and returns the tree of them.
  func write(to repository: Repository) throws -> ObjectID {
    let blobs = objects.map { RawObject(kind: .blob, bytes: Array($0.value.yaml.utf8)) }
    try repository.write(blobs)
    let entries = try zip(objects, blobs).map { object, blob in
      (path: object.path, entry: Optional(TreeEntry(name: "", mode: .regular, id: try blob.id)))
    }
    let empty = try repository.writeTree([])
    return entries.isEmpty ? empty : try repository.replacing(entriesAt: entries, in: empty)
  }
}
