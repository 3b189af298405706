/// Follows a path through a document, and says which steps carry an edit out there.
struct EditPlan {
  private let path: FieldPath
  /// The path as keys and positions, as far as there are nodes.
  private var way: [FieldPath.Component] = []
  private var node: Node
  /// What of the path has no nodes yet.
  private var rest: ArraySlice<FieldPath.Component> = []

  static func steps(for edit: FieldEdit, in document: Document) throws(EditProblem) -> [EditStep] {
    var plan = EditPlan(path: edit.path, node: document.root)
    var isAdding = false
    if case .add = edit.action { isAdding = true }
    try plan.follow(isAdding: isAdding)
    switch edit.action {
    case .set(let value): return EditStep.steps(from: FieldValue(plan.node), to: value, at: plan.way)
    case .remove:
      if plan.way.isEmpty { throw plan.problem(.unsupported, "a whole document can't be removed") }
      return [EditStep(path: plan.way, action: .remove)]
    case .add(let value): return [try plan.addition(of: value)]
    }
  }

  private init(path: FieldPath, node: Node) {
    self.path = path
    self.node = node
  }

  private mutating func follow(isAdding: Bool) throws(EditProblem) {
    for (place, component) in path.components.enumerated() {
      let isLast = place == path.components.count - 1
      if node.isAlias { throw EditSharing.throughAlias(node) }
      if isAdding, isLast, case .index = component, node.kind == .sequence { return rest = [component] }
      guard let (next, concrete) = try step(to: component) else {
        guard isAdding else { throw problem(.noSuchField, "the field isn't there") }
        return rest = path.components[place...]
      }
      node = next
      way.append(concrete)
    }
  }

  private func step(to component: FieldPath.Component) throws(EditProblem) -> (Node, FieldPath.Component)? {
    switch (component, node.kind) {
    case (.key(let key), .mapping): return node[key].map { ($0, component) }
    case (.index(let index), .sequence): return node[index: index].map { ($0, component) }
    case (.element(let key, let value), .sequence):
      let fields = ListKeys.fields(of: key)
      let found = node.elements.enumerated().filter {
        ListKeys.identity(of: $0.element, by: fields)?.isExactly(value) ?? false
      }
      if found.count > 1 {
        throw problem(.ambiguous, "\(found.count) elements have that \(key)", remedy: "name it by its position")
      }
      return found.first.map { ($0.element, .index($0.offset)) }
    case (_, .scalar) where node.scalar == .null: return nil
    default: throw problem(.noSuchField, "the path leads through \(node.typeName)")
    }
  }

  private func addition(of value: FieldValue) throws(EditProblem) -> EditStep {
    guard let first = rest.first else { throw problem(.alreadyThere, "the field is there", remedy: "set it instead") }
    if node.kind == .scalar { return EditStep(path: way, action: .replace(try tree(rest, value))) }
    switch first {
    case .key: return EditStep(path: way + [first], action: .insert(try tree(rest.dropFirst(), value)))
    case .index(let index):
      let count = node.elements.count
      guard index <= count else { throw problem(.noSuchField, "the list has only \(count) elements") }
      return EditStep(path: way + [first], action: .insert(try tree(rest.dropFirst(), value)))
    case .element:
      guard case .sequence(let values) = try tree(rest, value), let element = values.first else {
        throw problem(.unsupported, "the element can't be made")
      }
      return EditStep(path: way + [.index(node.elements.count)], action: .insert(element))
    }
  }

  /// The value with the mappings and lists that a path to it needs.
  private func tree(_ rest: ArraySlice<FieldPath.Component>, _ value: FieldValue) throws(EditProblem) -> FieldValue {
    guard let first = rest.first else { return value }
    let inner = try tree(rest.dropFirst(), value)
    switch first {
    case .key(let key): return .mapping([FieldValue.Entry(key: key, value: inner)])
    case .index(0): return .sequence([inner])
    case .index: throw problem(.noSuchField, "the list that has to be made begins with [0]")
    case .element(let key, let identity): return .sequence([try element(key, identity, inner)])
    }
  }

  /// A list's element that has the identity which the path asks for.
  private func element(_ key: String, _ identity: String, _ value: FieldValue) throws(EditProblem) -> FieldValue {
    guard case .mapping(let entries) = value, ListKeys.fields(of: key).count == 1 else {
      throw problem(.unsupported, "an element with that \(key) can't be made of this", remedy: "add the whole element")
    }
    if let own = entries.first(where: { $0.key.isExactly(key) }) {
      guard let text = own.value.scalar?.text, text.isExactly(identity) else {
        throw problem(.unsupported, "the element's \(key) isn't \(Scalar.quoted(identity))")
      }
      return value
    }
    guard CoreSchema.type(ofPlain: Array(identity.utf8)) == .string else {
      throw problem(.unsupported, "whether \(identity) is a string isn't said", remedy: "add the whole element")
    }
    return .mapping([FieldValue.Entry(key: key, value: .scalar(.string(identity)))] + entries)
  }

  private func problem(_ kind: EditError.Kind, _ message: String, remedy: String? = nil) -> EditProblem {
    EditProblem(kind, message, at: node.byteRange.lowerBound, remedy: remedy)
  }
}
