import Documents

/// The documents of a change that have an identity, each with what it was and is; those of other files by their place.
struct ChangedObjects {
  struct Pair {
    var path: String
    var base: Node?
    var head: Node?

    var node: Node? { head ?? base }
    var kind: String { node?["kind"]?.text ?? "" }
    var name: String { node?["metadata"]?["name"]?.text ?? "" }
    var apiVersion: String { node?["apiVersion"]?.text ?? "" }
    /// `Deployment shop`
    var description: String { name.isEmpty ? path : "\(kind) \(name)" }
  }

  private(set) var pairs: [Pair] = []

  /// Files that can't be read are refused where they are rendered, and say so there.
  init(_ files: [Change.File]) {
    var places: [String: Int] = [:]
    for file in files {
      for (bytes, isHead) in [(file.base, false), (file.head, true)] {
        for (index, node) in Self.documents(bytes, file.path).enumerated() {
          let key = Self.identity(node) ?? "\(file.path) \(index)"
          let place = places[key] ?? pairs.count
          if place == pairs.count {
            pairs.append(Pair(path: file.path))
            places[key] = place
          }
          if isHead { (pairs[place].head, pairs[place].path) = (node, file.path) } else { pairs[place].base = node }
        }
      }
    }
  }

  private static func documents(_ bytes: [UInt8]?, _ path: String) -> [Node] {
    guard let bytes else { return [] }
    let format = DocumentFormat.detect(path: path, bytes: bytes)
    guard format == .yaml || format == .json else { return [] }
    do throws(DocumentError) {
      return try Document.parse(bytes, as: format).map(\.root).filter { $0.kind == .mapping }
    } catch {
      return []
    }
  }

  private static func identity(_ node: Node) -> String? {
    guard let apiVersion = node["apiVersion"]?.text, let kind = node["kind"]?.text,
      let name = node["metadata"]?["name"]?.text
    else { return nil }
    let group = apiVersion.contains("/") ? String(apiVersion.prefix { $0 != "/" }) : ""
    return "\(group) \(kind) \(node["metadata"]?["namespace"]?.text ?? "") \(name)"
  }
}
