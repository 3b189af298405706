import Kubernetes

/// What an API server's record calls an object.
struct AuditKey: Hashable, Sendable {
  let group: String
  /// `deployments`
  let resource: String
  let namespace: String?
  /// `nil` for all of them: what `deletecollection` is about.
  let name: String?

  init(group: String, resource: String, namespace: String?, name: String?) {
    self.group = group
    self.resource = resource
    self.namespace = namespace
    self.name = name
  }

  init(_ object: AuditObject) {
    self.init(group: object.group, resource: object.resource, namespace: object.namespace, name: object.name)
  }

  /// - Parameter resource: As the server calls the kind in paths.
  init(_ reference: ObjectReference, resource: String) {
    self.init(
      group: reference.kind.group, resource: resource, namespace: reference.namespace, name: reference.name)
  }

  var collection: AuditKey { AuditKey(group: group, resource: resource, namespace: namespace, name: nil) }
}
