import Documents
import Git
import MooringModel

/// Recognises documents that SOPS encrypted (https://getsops.io/docs/), which nothing here decrypts yet.
enum EncryptedFiles {
  /// A larger file is no document of anybody's.
  private static let largest = 4 << 20
  private static let marker = Array("sops".utf8)

  /// - Throws: `Fault` that names the first one.
  static func refuse(in tree: ObjectID, of repository: Repository) throws {
    try repository.walkTree(tree) { folder, entry in
      guard entry.mode == .regular || entry.mode == .executable else { return .descend }
      guard try repository.blobSize(entry.id) <= largest else { return .descend }
      let path = folder + entry.name
      if isEncrypted(try repository.blob(entry.id), at: path) { throw fault(at: path) }
      return .descend
    }
  }

  static func fault(at path: String) -> Fault {
    Fault(
      .refusedContent, "encrypted by SOPS, which Mooring doesn't decrypt", at: path,
      remedy: "take it out of the environment's inputs, and bring the secret into the cluster by another way")
  }

  /// Whether some document of a file has SOPS's metadata: `sops`, with the `mac` of all the rest.
  static func isEncrypted(_ bytes: [UInt8], at path: String) -> Bool {
    guard bytes.firstIndex(of: marker) != nil else { return false }
    let format = DocumentFormat.detect(path: path, bytes: bytes)
    switch format {
    case .env, .ini, .properties: return bytes.firstIndex(of: Array("sops_mac=ENC[".utf8)) != nil || hasSection(bytes)
    case .yaml, .json, .toml, .text, .binary: break
    }
    guard let documents = try? Document.parse(bytes, as: format == .json ? .json : .yaml) else {
      // What doesn't parse is refused for the values that only SOPS writes.
      return bytes.firstIndex(of: Array("ENC[AES256_GCM,".utf8)) != nil
    }
    return documents.contains { isEncrypted($0.root) }
  }

  static func isEncrypted(_ node: Node) -> Bool { node["sops"]?["mac"] != nil }

  private static func hasSection(_ bytes: [UInt8]) -> Bool {
    bytes.firstIndex(of: Array("[sops]".utf8)) != nil && bytes.firstIndex(of: Array("ENC[AES256_GCM,".utf8)) != nil
  }
}
