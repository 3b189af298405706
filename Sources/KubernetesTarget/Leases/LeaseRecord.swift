import Documents
import Kubernetes
import MooringModel

/// What a `coordination.k8s.io/v1` Lease says, in the fields that client-go's leader election uses, and in annotations
/// what replicas tell each other besides.
struct LeaseRecord: Sendable, Hashable {
  static let holding = "mooring.dev/holds"
  static let wanted = "mooring.dev/wanted-by"
  static let offered = "mooring.dev/offered-to"
  static let watchedUntil = "mooring.dev/watched-until"

  /// Somebody who has less to do, and how many environments they have.
  struct Wish: Sendable, Hashable {
    var holder: String
    var holds: Int
  }

  /// Empty where nobody holds it.
  var holder = ""
  /// Whole seconds, from 1.
  var seconds = 1
  /// As written by whoever held it: compared, and never with a clock here.
  var acquired = ""
  var renewed = ""
  var transitions = 0
  /// How many environments the holder works on.
  var holds = 0
  var wish: Wish?
  /// For whom it was released; others leave it to them for a moment.
  var offer: String?
  /// When a watcher held it last: a command that holds it doesn't look after production.
  var watched = ""

  var duration: Duration { .seconds(seconds) }
}

extension LeaseRecord {
  /// Reads what somebody wrote; whatever makes no sense counts as not there.
  init(_ object: KubernetesObject) {
    let spec = object.root["spec"]
    holder = spec?["holderIdentity"]?.text ?? ""
    seconds = min(max(spec?["leaseDurationSeconds"].flatMap { Int($0.text) } ?? 1, 1), 3600)
    acquired = spec?["acquireTime"]?.text ?? ""
    renewed = spec?["renewTime"]?.text ?? ""
    transitions = spec?["leaseTransitions"].flatMap { Int($0.text) } ?? 0
    holds = object.annotation(Self.holding).flatMap { Int($0) } ?? 0
    wish = object.annotation(Self.wanted).flatMap(Wish.init)
    offer = object.annotation(Self.offered)
    watched = object.annotation(Self.watchedUntil) ?? ""
  }

  /// The whole object, to be written over a version.
  func object(_ reference: ObjectReference, labels: [String: String], version: String?) -> FieldValue {
    func text(_ text: String) -> FieldValue { .scalar(.string(text)) }
    func mapping(_ values: [String: String]) -> FieldValue {
      .mapping(values.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: text($0.value)) })
    }
    var annotations = [Self.holding: "\(holds)"]
    annotations[Self.wanted] = wish?.text
    annotations[Self.offered] = offer
    annotations[Self.watchedUntil] = watched.isEmpty ? nil : watched
    var metadata: [FieldValue.Entry] = [
      .init(key: "name", value: text(reference.name)), .init(key: "labels", value: mapping(labels)),
      .init(key: "annotations", value: mapping(annotations)),
    ]
    if let namespace = reference.namespace { metadata.append(.init(key: "namespace", value: text(namespace))) }
    if let version { metadata.append(.init(key: "resourceVersion", value: text(version))) }
    var spec: [FieldValue.Entry] = [
      .init(key: "holderIdentity", value: text(holder)),
      .init(key: "leaseDurationSeconds", value: .scalar(.integer("\(seconds)"))),
      .init(key: "leaseTransitions", value: .scalar(.integer("\(transitions)"))),
    ]
    if !acquired.isEmpty { spec.append(.init(key: "acquireTime", value: text(acquired))) }
    if !renewed.isEmpty { spec.append(.init(key: "renewTime", value: text(renewed))) }
    return .mapping([
      .init(key: "apiVersion", value: text("coordination.k8s.io/v1")), .init(key: "kind", value: text("Lease")),
      .init(key: "metadata", value: .mapping(metadata)), .init(key: "spec", value: .mapping(spec)),
    ])
  }
}

extension LeaseRecord.Wish {
  /// `host/1f2e3d4c 3`
  var text: String { "\(holder) \(holds)" }

  init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count == 2, let holds = Int(words[1]), holds >= 0 else { return nil }
    self.init(holder: String(words[0]), holds: holds)
  }
}
