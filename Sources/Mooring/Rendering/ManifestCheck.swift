import Documents
import Git
import MooringModel

/// What releases for a cluster must not hold, whoever rendered them: secrets that anybody can read, unless the environment
/// says so, and ones that SOPS encrypted, which would be applied as they are.
public struct ManifestCheck: Sendable, Hashable {
  /// `secrets: plaintext` of the environment.
  public var allowsPlaintext: Bool

  public init(allowsPlaintext: Bool) { self.allowsPlaintext = allowsPlaintext }

  /// - Throws: `Fault` that names the object and its file, and none of its values.
  func check(_ tree: ObjectID, of repository: Repository) throws {
    try EncryptedFiles.refuse(in: tree, of: repository)
    guard !allowsPlaintext else { return }
    try repository.walkTree(tree) { folder, entry in
      guard entry.mode == .regular || entry.mode == .executable else { return .descend }
      let path = folder + entry.name
      // The search by bytes is there for what doesn't parse, and saves reading what holds none.
      let bytes = try repository.blob(entry.id)
      guard SecretSearch.findsOne(in: bytes) else { return .descend }
      if let secret = Self.plaintextSecret(in: bytes, at: path) { throw Self.fault(secret, at: path) }
      return .descend
    }
  }

  /// The name of a secret with values; also where a file doesn't parse, since it may to another reader.
  private static func plaintextSecret(in bytes: [UInt8], at path: String) -> String? {
    let format = DocumentFormat.detect(path: path, bytes: bytes)
    guard format == .yaml || format == .json else { return nil }
    guard let documents = try? Document.parse(bytes, as: format) else { return "a secret" }
    return documents.lazy.compactMap { secret(in: $0.root) }.first
  }

  private static func secret(in node: Node) -> String? {
    if let items = RenderedObjects.items(of: node) { return items.lazy.compactMap { secret(in: $0) }.first }
    guard node["kind"]?.scalar?.stringValue == "Secret", node["apiVersion"]?.scalar?.stringValue == "v1" else {
      return nil
    }
    let holdsValues = ["data", "stringData"].contains { node[$0]?.entries.isEmpty == false }
    return holdsValues ? "Secret \(node["metadata"]?["name"]?.text.prefix(120) ?? "")" : nil
  }

  private static func fault(_ secret: String, at path: String) -> Fault {
    Fault(
      .refusedContent, "\(secret) holds its values in plain text, and so would the journal", at: path,
      remedy: "keep it out of the repository, or say `secrets: plaintext` of the environment")
  }
}
