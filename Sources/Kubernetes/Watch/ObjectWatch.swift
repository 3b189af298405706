/// A resource's objects, and what happens to them from then on: a list, and then a watch that goes on from it.
///
/// A watch that ends is resumed where it ended; where the server no longer knows that place, everything is listed again,
/// and only what differs is told. What can pass by itself (no connection, a server that starts) is waited for with
/// growing pauses, and told with `interrupted`; everything else is thrown, and ends the sequence.
///
/// Events are read as they are asked for: whoever is slow holds the server up, and nothing piles up here. Beyond the
/// event at hand, and a page while a list is read, only the names and versions of objects are kept.
public struct ObjectWatch: AsyncSequence, Sendable {
  public typealias Element = WatchEvent
  public typealias Failure = KubernetesError

  let client: APIClient
  let resource: APIResource
  let namespace: String?
  let selector: ObjectSelector

  public func makeAsyncIterator() -> Iterator { Iterator(watch: self) }
}

extension APIClient {
  /// Watches a resource's objects.
  ///
  /// - Parameter namespace: `nil` for all.
  public func watch(
    _ resource: APIResource, namespace: String? = nil, selector: ObjectSelector = ObjectSelector()
  ) -> ObjectWatch {
    ObjectWatch(client: self, resource: resource, namespace: namespace, selector: selector)
  }
}
