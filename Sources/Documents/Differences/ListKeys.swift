/// Which fields identify the elements of a list of mappings, so that lists are compared by element and not by position.
public struct ListKeys: Sendable, Hashable {
  /// Fields that identify an element together.
  public typealias Fields = [String]

  /// By the name of the field that holds the list, best first; tried before `general`.
  public var byList: [String: [Fields]]
  /// For every list, best first.
  public var general: [Fields]

  public init(byList: [String: [Fields]], general: [Fields]) {
    self.byList = byList
    self.general = general
  }

  /// The merge keys of Kubernetes' types (`x-kubernetes-list-map-keys` in its OpenAPI document), and otherwise `name`,
  /// `key` or `id`.
  public static let standard = ListKeys(
    byList: [
      "ports": [
        ["name"], ["containerPort"], ["containerPort", "protocol"], ["port"], ["port", "protocol"],
      ],
      "volumeMounts": [["mountPath"]],
      "volumeDevices": [["devicePath"]],
      "hostAliases": [["ip"]],
      "conditions": [["type"]],
      "ownerReferences": [["uid"]],
      "topologySpreadConstraints": [["topologyKey", "whenUnsatisfiable"]],
    ],
    general: [["name"], ["key"], ["id"]])

  /// The best fields that are there in every element, and unique on both sides; nil when elements have no identity.
  package func fields(forList name: String?, _ old: [Node], _ new: [Node]) -> Fields? {
    guard (old + new).allSatisfy({ $0.kind == .mapping }) else { return nil }
    let candidates = (name.flatMap { byList[$0] } ?? []) + general
    return candidates.first { Self.areUnique(old, by: $0) && Self.areUnique(new, by: $0) }
  }

  /// The best fields that are there in every element of some lists, and unique in each.
  func fields(forList name: String?, _ lists: [[FieldValue]]) -> Fields? {
    let candidates = (name.flatMap { byList[$0] } ?? []) + general
    return candidates.first { fields in
      lists.allSatisfy { Self.areUnique($0.lazy.map { Self.identity(of: $0, by: fields) }) }
    }
  }

  private static func areUnique(_ nodes: [Node], by fields: Fields) -> Bool {
    areUnique(nodes.lazy.map { identity(of: $0, by: fields) })
  }

  private static func areUnique(_ identities: some Sequence<String?>) -> Bool {
    var seen = Set<ExactText>()
    return identities.allSatisfy { $0.map { seen.insert(ExactText($0)).inserted } ?? false }
  }

  /// The values of an element's identifying fields, joined by commas; nil when one is missing.
  package static func identity(of node: Node, by fields: Fields) -> String? {
    identity(by: fields) { field in
      node[field].map { $0.kind == .scalar && $0.scalar != .null ? $0.text : nil }
    }
  }

  static func identity(of value: FieldValue, by fields: Fields) -> String? {
    guard case .mapping = value else { return nil }
    return identity(by: fields) { field in
      value[field].map { $0.scalar == .null ? nil : $0.scalar?.text }
    }
  }

  /// - Parameter text: Of a field; nil when it isn't there, and a nil within when it can't identify anything.
  private static func identity(by fields: Fields, _ text: (String) -> String??) -> String? {
    var values: [String] = []
    for field in fields {
      if let value = text(field) {
        guard let value else { return nil }
        values.append(value)
      } else if field == "protocol", fields.count > 1 {
        values.append("TCP")  // Kubernetes' default, which manifests leave out.
      } else {
        return nil
      }
    }
    return values.joined(separator: ",")
  }

  /// How the fields stand in a path's `[field=value]`.
  package static func name(of fields: Fields) -> String { fields.joined(separator: ",") }

  package static func fields(of name: String) -> Fields {
    name.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { String(Substring($0)) }
  }
}
