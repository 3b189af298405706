import Documents

/// One line of a watch (`meta/v1` `WatchEvent`).
enum RawWatchEvent {
  case added(KubernetesObject)
  case modified(KubernetesObject)
  case deleted(KubernetesObject)
  case bookmark(resourceVersion: String)
  case failed(KubernetesError)

  init(_ line: [UInt8], of resource: APIResource, reader: AnswerReader) throws(KubernetesError) {
    let root = try reader.root(of: line)
    guard let type = root["type"]?.text, let object = root["object"] else { throw Self.malformed }
    switch type {
    case "ADDED": self = .added(try KubernetesObject(object, kind: resource.kind))
    case "MODIFIED": self = .modified(try KubernetesObject(object, kind: resource.kind))
    case "DELETED": self = .deleted(try KubernetesObject(object, kind: resource.kind))
    case "BOOKMARK":
      guard let version = object["metadata"]?["resourceVersion"]?.text else { throw Self.malformed }
      self = .bookmark(resourceVersion: version)
    case "ERROR":
      guard let status = Status(object) else { throw Self.malformed }
      self = .failed(AnswerFailure.error(of: status, hidesValues: resource.isSecret))
    default: throw Self.malformed
    }
  }

  private static let malformed = KubernetesError(.malformed, "the server sent what is no event of a watch")
}
