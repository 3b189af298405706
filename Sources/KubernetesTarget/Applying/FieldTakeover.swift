import Documents
import Kubernetes

/// Makes ours what other tools have set of an object, before it is applied for the first time, so that it can be changed and
/// later taken away by us: managed fields are rewritten as kubectl does when it goes from client-side to server-side apply
/// (`k8s.io/client-go/util/csaupgrade`).
struct FieldTakeover: Sendable {
  /// How often an object is read again that somebody wrote meanwhile.
  private static let tries = 5

  let client: APIClient
  let owner: ObjectOwner
  /// Whose fields are taken.
  let managers: Set<String>
  let permit: WritePermit

  /// Takes over the fields of an object where it is there and was never applied by us.
  func take(_ reference: ObjectReference) async throws(KubernetesError) {
    for attempt in 1...Self.tries {
      guard let live = try await untouched(reference), let patch = patch(live) else { return }
      try permit.check()
      do {
        _ = try await client.patch(reference, .json, JSONBody(patch), WriteOptions(fieldManager: owner.manager))
        return
      } catch {
        guard error.code == .conflict, attempt < Self.tries else { throw error }
      }
      try await client.pause(afterFailures: attempt)
    }
  }

  /// Whether conflicts are only about what would be taken over.
  func wouldEnd(_ error: KubernetesError, at reference: ObjectReference) async throws(KubernetesError) -> Bool {
    guard error.fieldConflicts.allSatisfy({ managers.contains($0.manager) }) else { return false }
    return try await untouched(reference) != nil
  }

  /// The object, where it is there, is no other environment's, and was never applied by us.
  private func untouched(_ reference: ObjectReference) async throws(KubernetesError) -> KubernetesObject? {
    guard !managers.isEmpty, let live = try await client.find(reference), owner.other(of: live) == nil else {
      return nil
    }
    let isOurs = Self.entries(of: live).contains { $0["manager"]?.text == owner.manager && Self.isApplied($0) }
    return isOurs ? nil : live
  }

  /// One step for what manages the fields, and one by which nothing happens where the object was written meanwhile.
  private func patch(_ live: KubernetesObject) -> FieldValue? {
    let entries = Self.entries(of: live)
    let taken = entries.filter(isTaken)
    guard let last = taken.last, let version = live.resourceVersion else { return nil }
    func text(_ text: String) -> FieldValue { .scalar(.string(text)) }
    let fields = taken.compactMap { $0["fieldsV1"].map { FieldValue($0) } }.reduce(.mapping([]), Self.union)
    let ours = FieldValue.mapping([
      .init(key: "manager", value: text(owner.manager)), .init(key: "operation", value: text("Apply")),
      .init(key: "apiVersion", value: text(last["apiVersion"]?.text ?? "")),
      .init(key: "fieldsType", value: text("FieldsV1")), .init(key: "fieldsV1", value: Self.withoutStatus(fields)),
    ])
    let rest = entries.filter { !isTaken($0) }.map { FieldValue($0) }
    return .sequence([
      PatchStep.replace("/metadata/managedFields", .sequence(rest + [ours])),
      PatchStep.replace("/metadata/resourceVersion", text(version)),
    ])
  }

  private func isTaken(_ entry: Node) -> Bool {
    entry["manager"].map { managers.contains($0.text) } ?? false
      && (entry["subresource"]?.text ?? "").isEmpty
  }

  private static func isApplied(_ entry: Node) -> Bool { entry["operation"]?.text == "Apply" }

  private static func entries(of object: KubernetesObject) -> [Node] {
    object.metadata?["managedFields"]?.elements ?? []
  }

  /// Sets of fields are mappings of mappings, and so is their union (`meta/v1`, `FieldsV1`).
  private static func union(_ one: FieldValue, _ other: FieldValue) -> FieldValue {
    guard case .mapping(let first) = one, case .mapping(let second) = other else { return one }
    let more = Dictionary(second.map { ($0.key, $0.value) }) { first, _ in first }
    let known = Set(first.map(\.key))
    return .mapping(
      first.map { entry in .init(key: entry.key, value: more[entry.key].map { union(entry.value, $0) } ?? entry.value) }
        + second.filter { !known.contains($0.key) })
  }

  /// Controllers write that, and servers before 1.22 don't say that they did so elsewhere.
  private static func withoutStatus(_ fields: FieldValue) -> FieldValue {
    guard case .mapping(let entries) = fields else { return fields }
    return .mapping(entries.filter { $0.key != "f:status" })
  }
}
