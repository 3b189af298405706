import Documents
import Git
public import MooringModel

/// Part of a release's configuration: a file, a resource, or one field of either. Values of secrets are not in it.
public struct ReleasePart: Sendable {
  /// The file that it stands in.
  public var file: RelativePath
  /// `Deployment/shop/checkout`, where a resource was asked for.
  public var resource: String?
  public var field: String?
  /// Of a file its bytes; of a resource, or a field of several lines, YAML; of a field its value.
  public var content: [UInt8]
  /// Whether values of secrets were left out.
  public var isRedacted: Bool
}

extension EnvironmentContext {
  /// What a release says of a file or a resource, or of a field of it.
  ///
  /// - Parameters:
  ///   - name: A file's path, or a resource as `Kind/namespace/name` or `Kind/name`, in any case.
  ///   - withSecrets: Whether values of secrets are to be in it.
  /// - Throws: `Fault` with the nearest names, where there is no such thing.
  public func part(
    _ name: String, field: String?, of release: ReleaseReference, withSecrets: Bool = false
  ) throws -> ReleasePart {
    let path = try RelativePath(name)
    let stored = try StoredRelease(release.digest, in: repository.git)
    let secrets = withSecrets ? nil : configuration.secrets
    if let content = try stored.content(at: path) {
      let bytes = try stored.read(content)
      guard let field else { return try shown(bytes, of: path, secrets) }
      let documents = try ReleaseResource.documents(in: bytes, at: path)
      return try ReleaseFields(file: path, roots: documents.map(\.root), secrets: secrets).part(field)
    }
    let resources = ReleaseResources(of: stored)
    let known = try KnownPlaces(of: release, self).files(ofResource: name, in: stored)
    guard let found = try resources.first(named: name, within: known) ?? resources.first(named: name) else {
      throw try missing(name, resources, release)
    }
    let fields = ReleaseFields(file: found.file, resource: found.name, roots: [found.node], secrets: secrets)
    return try fields.part(field ?? "")
  }

  private func shown(_ bytes: [UInt8], of path: RelativePath, _ secrets: SecretRules?) throws -> ReleasePart {
    guard let secrets else { return ReleasePart(file: path, content: bytes, isRedacted: false) }
    guard let shown = secrets.withoutSecrets(file: bytes, at: path.string) else {
      throw Fault(
        .refusedContent, "it holds secrets, and isn't shown", at: path.string,
        remedy: "show a field of it, or have it all with --with-secrets or --tree")
    }
    return ReleasePart(file: path, content: shown, isRedacted: shown != bytes)
  }

  private func missing(_ name: String, _ resources: ReleaseResources, _ release: ReleaseReference) throws -> Fault {
    let names = try resources.stored.files().map(\.path.string) + resources.names()
    let nearest = NearestName.nearest(to: name, among: names).map { "did you mean \($0)? " } ?? ""
    return Fault(
      .notFound, "\(release.label) has no file \(name.debugDescription), and no resource of that name",
      remedy: nearest + "`mooring show \(self.name)` lists its files")
  }
}
