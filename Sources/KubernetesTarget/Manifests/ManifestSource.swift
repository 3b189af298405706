import Documents
import Kubernetes
import MooringModel

/// Where a manifest's fields can be read: in its release, which is in Git, and so needn't be in memory.
struct ManifestSource: Sendable {
  let origin: ObjectOrigin
  /// The content of its file.
  let content: ContentID
  /// From 0: which of its file's objects it is.
  let place: Int
  let files: ManifestFiles
  /// Where the file says only how its name begins.
  var name: String?

  /// - Throws: `malformed` where the release can't be read any more.
  func root() throws(KubernetesError) -> Node {
    let objects: [ManifestReader.Object]
    do { objects = try files.objects(at: origin.file, content) } catch {
      let fault = error as? Fault
      throw KubernetesError(
        .malformed, "the release can't be read any more: \(fault?.what ?? "\(error)")", remedy: fault?.remedy,
        request: origin.description)
    }
    guard objects.indices.contains(place) else {
      throw KubernetesError(.malformed, "the release has another file there", request: origin.description)
    }
    let root = objects[place].object.root
    return try name.map { (name) throws(KubernetesError) in try GeneratedName.set(name, in: root) } ?? root
  }
}

/// The files of one release, each taken apart when one of its objects is asked for.
struct ManifestFiles: Sendable {
  let contents: any ReleaseContents
  let reader: ManifestReader

  func objects(at path: RelativePath, _ content: ContentID) throws -> [ManifestReader.Object] {
    let key = ManifestCache.Key(path: path, content: content)
    if let known = reader.cache[key] { return known }
    let bytes = try contents.read(content)
    let objects = try reader.objects(in: bytes, of: path)
    reader.cache.keep(objects, of: key, bytes: bytes.count)
    return objects
  }
}
