import Documents
import Kubernetes

/// When two spellings say the same to Kubernetes.
enum Equivalence {
  /// Mappings whose values are amounts (`k8s.io/api`: the fields of type `resource.Quantity`).
  private static let amounts: Set<String> = [
    "limits", "requests", "capacity", "hard", "overhead", "podFixed", "min", "max", "default", "defaultRequest",
    "maxLimitRequestRatio",
  ]
  /// Fields that are amounts themselves.
  private static let amount: Set<String> = [
    "sizeLimit", "divisor", "averageValue", "targetAverageValue", "targetValue", "storage",
  ]
  /// Mappings of texts that mean something to people and programs only as they are written.
  private static let texts: Set<String> = [
    "data", "stringData", "labels", "annotations", "matchLabels", "nodeSelector", "parameters",
  ]

  /// Whether two values are the same: by type and text, as numbers, or as amounts where amounts stand.
  static func areSame(_ manifest: Node, _ live: Node, at path: FieldPath) -> Bool {
    guard let wanted = manifest.scalar, let there = live.scalar else {
      return isNothing(manifest) && isNothing(live)
    }
    if wanted == there { return true }
    if let first = wanted.doubleValue, let second = there.doubleValue { return first == second }
    guard isAmount(path), let first = Quantity(wanted.text), let second = Quantity(there.text) else { return false }
    return first == second
  }

  /// What a server leaves out: nothing, and empty mappings, lists and texts.
  static func isNothing(_ node: Node) -> Bool {
    switch node.kind {
    case .mapping: node.entries.allSatisfy { isNothing($0.value) }
    case .sequence: node.elements.isEmpty
    case .scalar: [Scalar.null, .bool(false), .string("")].contains(node.scalar) || node.scalar?.doubleValue == 0
    }
  }

  /// Whether an amount stands at a place.
  static func isAmount(_ path: FieldPath) -> Bool {
    let keys = path.components.compactMap { component -> String? in
      if case .key(let key) = component { key } else { nil }
    }
    guard let last = path.lastKey, !keys.contains(where: texts.contains) else { return false }
    let parent = keys.dropLast().last ?? ""
    // A metric's; the value of an environment variable is a text.
    if last == "value" { return parent == "target" }
    return amount.contains(last) || amounts.contains(parent)
  }
}
