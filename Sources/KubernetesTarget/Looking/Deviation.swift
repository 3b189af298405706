import Kubernetes
import MooringModel

/// How an object deviates from the release, and what it says itself of how that came about. Who it was is asked for only
/// when it is told: what the API server says of a request may come later than the change.
struct Deviation: Sendable, Hashable {
  let reference: ObjectReference
  let expected: LiveObject?
  let found: LiveObject?
  let change: ObjectChange
  /// Whether the server itself may have made it so, in part: it is asked.
  var isOpen = false

  var name: ObjectName { ObjectName(reference) }

  /// Of an object that isn't there.
  static func missing(_ manifest: Manifest) -> Deviation {
    Deviation(reference: manifest.reference, expected: LiveObject(kind: .object), found: nil, change: .gone)
  }

  func told(by authors: ObjectAuthors) -> LiveDifference {
    let author = authors.author(of: change, reference, found: found)
    let time: Timestamp? = if case .made(_, let made) = change { made } else { author?.at }
    return LiveDifference(object: name, expected: expected, found: found, changed: time, by: author)
  }
}

extension Deviation {
  /// Of an object that is there, and that nothing in Git and no owner explains; `nil` for what is explained.
  init?(stranger object: KubernetesObject) {
    guard !ClusterOwn.explains(object), object.annotation("mooring.dev/ignore") != "true" else { return nil }
    let first = (try? object.managedFields)?.min { ($0.time ?? "") < ($1.time ?? "") }
    let made = object.creationTimestamp.flatMap { Timestamp(parsing: $0) }
    self.init(
      reference: object.reference, expected: nil, found: LiveObject(kind: .object, stamp: object.uid),
      change: .made(by: first?.manager, at: made))
  }
}
