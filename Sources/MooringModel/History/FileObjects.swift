public import Documents

/// Which objects of Kubernetes a file of manifests holds, and where.
public enum FileObjects: Sendable, Hashable {
  /// In the order of the file; none where it is no manifest. Of two with one name the first counts.
  case objects([Place])
  /// It is meant to be read by field, and can't be.
  case unreadable(String)

  /// One object in a file.
  public struct Place: Sendable, Hashable {
    public var name: ObjectName
    /// The bytes by which it changes, and with which it doesn't; `nil` for all of the file.
    public var bytes: Range<Int>?
  }

  /// A larger file is not looked into.
  public static let largest = 4 << 20
  /// Lists in lists are followed this far.
  private static let deepest = 4

  /// Whether a file's name says that it may hold objects.
  public static func mayBe(at path: some Sequence<UInt8>) -> Bool {
    let end = Array(path.suffix(5))
    return [".yaml", ".yml", ".json"].contains { end.suffix($0.utf8.count).elementsEqual($0.utf8) }
  }

  public init(in bytes: [UInt8], isJSON: Bool) {
    do {
      self = .objects(Self.places(try Document.parse(bytes, as: isJSON ? .json : .yaml)))
    } catch {
      self = .unreadable(error.description)
    }
  }

  /// The objects of some YAML that is a part of a file, with those that have a name of another; `nil` where it can't be read.
  package static func places(inPiece bytes: [UInt8]) -> [Place]? {
    guard let documents = try? Document.parse(bytes, as: .yaml) else { return nil }
    return allPlaces(documents)
  }

  private static func places(_ documents: [Document]) -> [Place] {
    var names: Set<ObjectName> = []
    var places = allPlaces(documents).filter { names.insert($0.name).inserted }
    if documents.count == 1, places.count == 1 { places[0].bytes = nil }
    return places
  }

  private static func allPlaces(_ documents: [Document]) -> [Place] {
    documents.flatMap { document in
      objects(of: document.root).map { name, node, item in
        // What an anchor elsewhere in the document changes would be missed in one of its items.
        let node = item == nil || document.root.hasAliases ? document.root : node
        return Place(name: name, bytes: node.byteRange)
      }
    }
  }

  /// The objects that a document is, or that the list in it holds.
  public static func objects(of root: Node) -> [(name: ObjectName, node: Node, item: Int?)] {
    if let name = ObjectName(manifest: root) { return [(name, root, nil)] }
    var items: [Node] = []
    collect(root, 0, &items)
    return items.enumerated().compactMap { place, node in ObjectName(manifest: node).map { ($0, node, place) } }
  }

  private static func collect(_ node: Node, _ depth: Int, _ items: inout [Node]) {
    guard depth < deepest, let list = node["items"], list.kind == .sequence,
      node["kind"]?.scalar?.stringValue?.hasSuffix("List") == true
    else {
      if depth > 0 { items.append(node) }
      return
    }
    for element in list.elements { collect(element, depth + 1, &items) }
  }
}

extension ObjectName {
  /// The name of the object that a mapping is; `nil` where it is none, or a list of some.
  public init?(manifest node: Node) {
    guard let apiVersion = node["apiVersion"]?.scalar?.stringValue, let kind = node["kind"]?.scalar?.stringValue,
      let metadata = node["metadata"], let name = metadata["name"], name.kind == .scalar, !name.text.isEmpty,
      !kind.isEmpty
    else { return nil }
    let namespace = metadata["namespace"].flatMap { $0.scalar == .null ? nil : $0.text }
    let group = apiVersion.contains("/") ? apiVersion.prefix { $0 != "/" } : ""
    self.init(group: group, kind: kind, namespace: namespace, name: name.text)
  }
}
