/// Which documents of two YAML streams belong together: those with the same Kubernetes identity when every document has
/// one of its own, and otherwise those in the same place.
struct DocumentPairs {
  struct Pair {
    var old: Int?
    var new: Int?
  }

  let pairs: [Pair]

  init(_ old: [Document], _ new: [Document]) {
    if let oldNames = Self.names(old), let newNames = Self.names(new) {
      pairs = Self.byName(oldNames, newNames)
    } else {
      pairs = (0..<max(old.count, new.count)).map {
        Pair(old: $0 < old.count ? $0 : nil, new: $0 < new.count ? $0 : nil)
      }
    }
  }

  /// `kind/name` or `kind/namespace/name`; nil when the document is no Kubernetes object.
  static func name(of document: Document) -> String? {
    let metadata = document.root["metadata"]
    guard let kind = document.root["kind"]?.scalar?.stringValue, let name = metadata?["name"]?.scalar else {
      return nil
    }
    return [kind, metadata?["namespace"]?.text, name.text].compactMap { $0 }.joined(separator: "/")
  }

  private static func names(_ documents: [Document]) -> [ExactText]? {
    var seen = Set<ExactText>()
    var names: [ExactText] = []
    for document in documents {
      guard let name = name(of: document).map(ExactText.init), seen.insert(name).inserted else { return nil }
      names.append(name)
    }
    return names
  }

  private static func byName(_ old: [ExactText], _ new: [ExactText]) -> [Pair] {
    let places = Dictionary(new.enumerated().map { ($1, $0) }) { first, _ in first }
    let known = Set(old)
    let kept = old.enumerated().map { Pair(old: $0, new: places[$1]) }
    return kept + new.enumerated().filter { !known.contains($1) }.map { Pair(old: nil, new: $0.offset) }
  }
}
