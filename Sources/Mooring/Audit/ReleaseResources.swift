import Documents
import MooringModel

/// A Kubernetes object, or any document of that shape, in a file of a release.
struct ReleaseResource {
  var file: RelativePath
  /// `Deployment/shop/checkout`, or without the namespace where it has none.
  var name: String
  /// As history and drift name it: `certificate.cert-manager.io/shop/web`; `nil` of what has no `apiVersion`.
  var object: ObjectName?
  var node: Node

  /// The documents of a file.
  ///
  /// - Throws: `Fault` for one that can't be read by field.
  static func documents(in bytes: [UInt8], at path: RelativePath) throws(Fault) -> [Document] {
    let format = DocumentFormat.detect(path: path.string, bytes: bytes)
    do throws(DocumentError) {
      guard format != .text, format != .binary else {
        throw DocumentError(kind: .unsupported, message: "a file without fields", line: 1, column: 1)
      }
      return try Document.parse(bytes, as: format)
    } catch {
      throw Fault(
        .notFound, "it has no fields that could be read: \(error)", at: path.string, remedy: "show the file as a whole")
    }
  }

  /// Those in a file, also within a `List`; none in what can't be read.
  static func all(in bytes: [UInt8], at path: RelativePath) -> [ReleaseResource] {
    guard let documents = try? documents(in: bytes, at: path) else { return [] }
    let nodes = documents.flatMap { RenderedObjects.items(of: $0.root) ?? [$0.root] }
    return nodes.compactMap { node in
      name(of: node).map { ReleaseResource(file: path, name: $0, object: ObjectName(manifest: node), node: node) }
    }
  }

  /// `Deployment/shop/checkout`; `nil` of what is no object.
  static func name(of node: Node) -> String? {
    guard let kind = node["kind"]?.scalar?.stringValue, let name = node["metadata"]?["name"]?.scalar?.text else {
      return nil
    }
    let namespace = node["metadata"]?["namespace"]?.text
    return [kind, namespace, name].compactMap { $0 }.joined(separator: "/")
  }

  /// What tells it from a resource of the same name and another group.
  private var identity: String { object?.string ?? name.lowercased() }

  /// Whether somebody who says `name` may mean it: in any case, with or without the namespace, with or without the group.
  func isCalled(_ name: String) -> Bool {
    let names = [self.name.lowercased(), identity.lowercased()].map { $0.split(separator: "/", maxSplits: 2) }
    let asked = name.lowercased().split(separator: "/", omittingEmptySubsequences: false)
    return names.contains { own in
      asked == own || (asked.count == 2 && own.count == 3 && asked.first == own.first && asked.last == own.last)
    }
  }

  /// Whether that is its name in full.
  private func isJust(_ name: String) -> Bool {
    [self.name, identity].contains { $0.lowercased() == name.lowercased() }
  }

  /// The one of some that is meant.
  ///
  /// - Throws: `Fault` where several may be.
  static func only(_ found: [ReleaseResource], called name: String) throws(Fault) -> ReleaseResource? {
    let exact = found.filter { $0.isJust(name) }
    let meant = exact.isEmpty ? found : exact
    guard Set(meant.map(\.identity)).count > 1 else { return meant.first }
    let names = Set(meant.map(\.name)).count > 1 ? meant.map(\.name) : meant.map(\.identity)
    throw Fault(
      .usage, "\(name) may be \(Set(names).sorted().prefix(10).joined(separator: " or "))", remedy: "name it in full")
  }
}

/// Looks for resources in a release. Where nothing says in which file one stands, files are read until it is found: first
/// those that are called like it.
struct ReleaseResources {
  let stored: StoredRelease

  init(of stored: StoredRelease) { self.stored = stored }

  /// - Throws: `Fault` where several are meant.
  func first(named name: String) throws -> ReleaseResource? {
    guard let last = name.split(separator: "/").last.map({ $0.lowercased() }) else { return nil }
    let files = try manifests()
    let likely = files.filter { $0.path.string.lowercased().contains(last) }
    if let found = try only(among: likely, called: name, last) { return found }
    let others = files.filter { !$0.path.string.lowercased().contains(last) }
    return try only(among: others, called: name, last)
  }

  /// The same in some files alone.
  func first(named name: String, within files: [ReleaseFile]) throws -> ReleaseResource? {
    guard let last = name.split(separator: "/").last.map({ $0.lowercased() }) else { return nil }
    return try only(among: files, called: name, last)
  }

  /// Every resource's name.
  func names() throws -> [String] {
    try manifests().flatMap { file in
      try ReleaseResource.all(in: stored.read(file.content), at: file.path).flatMap { resource in
        let own = resource.object.map(\.string) ?? ""
        return own.prefix { $0 != "/" }.contains(".") ? [resource.name, own] : [resource.name]
      }
    }
  }

  private func only(among files: [ReleaseFile], called name: String, _ last: String) throws -> ReleaseResource? {
    var found: [ReleaseResource] = []
    for file in files {
      let bytes = try stored.read(file.content)
      guard Self.mention(last, bytes) else { continue }
      found += ReleaseResource.all(in: bytes, at: file.path).filter { $0.isCalled(name) }
    }
    return try ReleaseResource.only(found, called: name)
  }

  /// Whether a name stands anywhere in a file, letter by letter of ASCII in either case.
  private static func mention(_ name: String, _ bytes: [UInt8]) -> Bool {
    let isPlain = name.utf8.allSatisfy { $0 < 128 }
    guard isPlain else { return true }
    if bytes.firstIndex(of: Array(name.utf8)) != nil { return true }
    return bytes.contains { (65...90).contains($0) }
      && String(decoding: bytes, as: UTF8.self).lowercased().contains(name)
  }

  private func manifests() throws -> [ReleaseFile] {
    try stored.files().filter { file in
      file.kind != .link && [".yaml", ".yml", ".json"].contains { file.path.string.lowercased().hasSuffix($0) }
    }
  }
}
