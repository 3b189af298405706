import Documents

extension APIClient {
  /// One object, as it is now.
  ///
  /// - Throws: `notFound` where there is none.
  public func get(_ reference: ObjectReference, subresource: String? = nil) async throws(KubernetesError)
    -> KubernetesObject
  {
    let resource = try await discovery.resource(for: reference.kind, of: self)
    let request = APIRequest(
      subject: "get \(reference)",
      path: try APIPath(resource, namespace: reference.namespace, name: reference.name, subresource: subresource))
    return try KubernetesObject(try await ask(request), kind: reference.kind)
  }

  /// One object, as it is now; `nil` where there is none.
  public func find(_ reference: ObjectReference) async throws(KubernetesError) -> KubernetesObject? {
    do { return try await get(reference) } catch {
      if error.code == .notFound { return nil }
      throw error
    }
  }

  /// One page of a resource's objects, in the order of their names.
  ///
  /// - Parameters:
  ///   - namespace: `nil` for all.
  ///   - token: Where the page before ended.
  ///   - metadataOnly: Whether the objects' content can be left out.
  /// - Throws: `expired` where `token` is too old: the list is to be begun again.
  public func page(
    of resource: APIResource, namespace: String? = nil, selector: ObjectSelector = ObjectSelector(),
    from token: String? = nil, metadataOnly: Bool = false
  ) async throws(KubernetesError) -> ObjectPage {
    var request = APIRequest(
      subject: "list \(resource)", path: try APIPath(resource, namespace: namespace), query: selector.query,
      hidesValues: resource.isSecret)
    // "Receiving resources as Tables and metadata", since 1.15; other servers send whole objects.
    if metadataOnly {
      request.accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
    }
    request.query.append(("limit", String(settings.pageSize)))
    if let token { request.query.append(("continue", token)) }
    return try ObjectPage(try await ask(request), of: resource)
  }

  /// All pages of a resource's objects, one at a time.
  public func pages(
    of resource: APIResource, namespace: String? = nil, selector: ObjectSelector = ObjectSelector(),
    metadataOnly: Bool = false
  ) -> ObjectPages {
    ObjectPages(
      client: self, resource: resource, namespace: namespace, selector: selector, metadataOnly: metadataOnly)
  }
}
