import NIOHTTP1

extension APIClient {
  /// What a patch's body is.
  public enum Patch: String, Hashable, Sendable {
    /// RFC 7386: a part of the object, and `null` for what is to go.
    case merge = "application/merge-patch+json"
    /// RFC 6902: steps.
    case json = "application/json-patch+json"
  }

  /// Makes the fields of `body` so, and creates the object where there is none (server-side apply).
  ///
  /// - Returns: The object as it is then, or would be.
  /// - Throws: `conflict` with ``KubernetesError/fieldConflicts`` where other managers have the fields.
  public func apply(
    _ body: JSONBody, to reference: ObjectReference, subresource: String? = nil, _ options: WriteOptions
  ) async throws(KubernetesError) -> KubernetesObject {
    var request = try await write("apply", reference, subresource: subresource, options)
    request.method = .PATCH
    request.contentType = "application/apply-patch+yaml"
    request.query.append(("force", String(options.force)))
    request.body = body
    return try KubernetesObject(try await ask(request), kind: reference.kind)
  }

  /// Makes a new object.
  ///
  /// - Throws: `alreadyExists` where there is one.
  public func create(
    _ body: JSONBody, as reference: ObjectReference, _ options: WriteOptions
  ) async throws(KubernetesError) -> KubernetesObject {
    var request = try await write("create", reference, isNew: true, options)
    request.method = .POST
    request.contentType = "application/json"
    request.body = body
    request.isRepeatable = false
    return try KubernetesObject(try await ask(request), kind: reference.kind)
  }

  /// Replaces the whole object. A `resourceVersion` in `body` has to be the present one.
  ///
  /// - Throws: `conflict` where it isn't.
  public func replace(
    _ body: JSONBody, at reference: ObjectReference, subresource: String? = nil, _ options: WriteOptions
  ) async throws(KubernetesError) -> KubernetesObject {
    var request = try await write("replace", reference, subresource: subresource, options)
    request.method = .PUT
    request.contentType = "application/json"
    request.body = body
    return try KubernetesObject(try await ask(request), kind: reference.kind)
  }

  /// Writes a whole object over the version that was read, or makes it where none was there.
  ///
  /// - Parameter version: The one that `body` has; `nil` where none was there.
  /// - Throws: `conflict` or `alreadyExists` where somebody has written it since; `notFound` where it, or its namespace,
  ///   isn't there any more.
  public func write(
    _ body: JSONBody, at reference: ObjectReference, over version: String?, _ options: WriteOptions
  ) async throws(KubernetesError) -> KubernetesObject {
    version == nil
      ? try await create(body, as: reference, options) : try await replace(body, at: reference, options)
  }

  /// Changes parts of an object that is there.
  public func patch(
    _ reference: ObjectReference, _ patch: Patch, _ body: JSONBody, subresource: String? = nil, _ options: WriteOptions
  ) async throws(KubernetesError) -> KubernetesObject {
    var request = try await write("patch", reference, subresource: subresource, options)
    request.method = .PATCH
    request.contentType = patch.rawValue
    request.body = body
    // The steps of RFC 6902 may count on what was before them.
    request.isRepeatable = patch == .merge
    return try KubernetesObject(try await ask(request), kind: reference.kind)
  }

  /// Asks for an object's deletion, which may take longer than the answer: finalizers hold it back.
  ///
  /// - Throws: `notFound` where there is none, `conflict` where it isn't the one that is meant.
  public func delete(
    _ reference: ObjectReference, _ options: DeleteOptions = DeleteOptions()
  ) async throws(KubernetesError) {
    let resource = try await discovery.resource(for: reference.kind, of: self)
    var request = APIRequest(
      subject: "delete \(reference)",
      path: try APIPath(resource, namespace: reference.namespace, name: reference.name))
    request.method = .DELETE
    request.contentType = "application/json"
    request.body = try options.body()
    _ = try await ask(request)
  }

  private func write(
    _ verb: String, _ reference: ObjectReference, subresource: String? = nil, isNew: Bool = false,
    _ options: WriteOptions
  ) async throws(KubernetesError) -> APIRequest {
    let resource = try await discovery.resource(for: reference.kind, of: self)
    let object = try APIPath(
      resource, namespace: reference.namespace, name: reference.name, subresource: subresource)
    let path = isNew ? try APIPath(resource, namespace: reference.namespace) : object
    var request = APIRequest(subject: "\(verb) \(reference)", path: path, hidesValues: resource.isSecret)
    request.query.append(("fieldManager", options.fieldManager))
    if options.isDryRun { request.query.append(("dryRun", "All")) }
    if let validation = options.fieldValidation {
      let version = try await discovery.serverVersion(of: self)
      if version.validatesFields { request.query.append(("fieldValidation", validation.rawValue)) }
    }
    return request
  }
}
