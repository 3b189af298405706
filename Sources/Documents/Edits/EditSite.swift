/// The place in a freshly read document where a step works.
struct EditSite {
  let source: SourceText
  let format: DocumentFormat
  let root: Node
  /// Keys and positions only.
  let path: [FieldPath.Component]
  /// From the root to what holds the field; empty when the field is the root.
  let ancestors: [Node]
  /// Nil when it is to be inserted.
  let target: Node?
  let isRemoval: Bool

  init(_ step: EditStep, in document: Document, _ source: SourceText) throws(EditProblem) {
    self.source = source
    format = document.format
    root = document.root
    path = step.path
    var nodes = [document.root]
    for component in step.path.dropLast() {
      guard let next = nodes.last?[FieldPath([component])] else {
        throw EditProblem(.noSuchField, "the field isn't there", at: nodes.last?.byteRange.lowerBound ?? 0)
      }
      nodes.append(next)
    }
    if case .remove = step.action { isRemoval = true } else { isRemoval = false }
    if let last = step.path.last {
      ancestors = nodes
      if case .insert = step.action { target = nil } else { target = nodes.last?[FieldPath([last])] }
    } else {
      ancestors = []
      target = document.root
    }
  }

  var container: Node? { ancestors.last }

  /// Which of the container's own children the target is, or comes to be.
  var place: Int {
    switch path.last {
    case .index(let index)?: index
    case .key(let key)?:
      container?.ownEntries.firstIndex { !$0.isMerge && $0.key.isExactly(key) } ?? container?.ownEntries.count ?? 0
    default: 0
    }
  }

  /// Whether the field stands in brackets or braces.
  var isInFlow: Bool { ancestors.contains { $0.style == .flow } }

  /// The target and what holds it. Throws when there is none.
  func existing() throws(EditProblem) -> Node {
    guard let target else { throw EditProblem(.noSuchField, "the field isn't there", at: 0) }
    return target
  }

  func holder() throws(EditProblem) -> Node {
    guard let container else {
      throw EditProblem(.unsupported, "a whole document can't be added or removed", at: root.byteRange.lowerBound)
    }
    return container
  }

  /// The key that a mapping's entry has, or gets; empty in a list.
  var key: String {
    if case .key(let key)? = path.last { key } else { "" }
  }

  /// The values and keys of the container's children.
  var siblings: [Node] {
    guard let container else { return [] }
    return container.kind == .mapping ? container.ownEntries.map(\.value) : container.elements
  }
}
