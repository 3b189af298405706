import Kubernetes

/// Where objects are listed together: those of a kind in a namespace, or without one.
struct ListedPlace: Hashable, Comparable, Sendable {
  let kind: GroupVersionKind
  let namespace: String?

  init(kind: GroupVersionKind, namespace: String?) {
    self.kind = kind
    self.namespace = namespace
  }

  init(_ reference: ObjectReference) { self.init(kind: reference.kind, namespace: reference.namespace) }

  static func < (a: Self, b: Self) -> Bool {
    (a.kind.description, a.namespace ?? "") < (b.kind.description, b.namespace ?? "")
  }
}

extension APIClient {
  /// Objects of a place, one after the other. Where the definition of their kind was deleted there are none: they are
  /// missed one by one.
  func each(
    in place: ListedPlace, _ selector: ObjectSelector, _ body: (KubernetesObject) throws -> Void
  ) async throws {
    do {
      let resource = try await resource(for: place.kind)
      for try await page in pages(of: resource, namespace: place.namespace, selector: selector) {
        for object in page.objects { try body(object) }
      }
    } catch let error as KubernetesError {
      guard [.unsupported, .notFound].contains(error.code) else { throw error }
      // What was known of the server's kinds may be old.
      if error.code == .notFound { await discovery.forget() }
    }
  }
}
