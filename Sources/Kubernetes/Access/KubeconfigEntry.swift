import Documents
import FoundationEssentials

/// One cluster, user or context of a kubeconfig. Its errors name the place in the file, and never a value: any of them
/// may be a secret.
struct KubeconfigEntry {
  let file: String
  /// `the user "admin"`
  let what: String
  let node: Node

  func has(_ key: String) -> Bool { value(key) != nil }

  /// An empty text counts as not there, as `client-go` has it.
  func text(_ key: String) throws(KubernetesError) -> String? {
    guard let value = value(key) else { return nil }
    guard let text = value.scalar?.stringValue else { throw problem("should be a string", at: key) }
    return text.isEmpty ? nil : text
  }

  func bool(_ key: String) throws(KubernetesError) -> Bool {
    guard let value = value(key) else { return false }
    guard let bool = value.scalar?.boolValue else { throw problem("should be true or false", at: key) }
    return bool
  }

  /// What `key-data` holds in Base64, or the file that `key` names; the data wins.
  func material(_ key: String) throws(KubernetesError) -> CredentialPlaces.Material? {
    if let text = try text("\(key)-data") {
      guard let data = Data(base64Encoded: text, options: .ignoreUnknownCharacters) else {
        throw problem("is no Base64", at: "\(key)-data")
      }
      return .data(Array(data))
    }
    return try credentialFile(key).map { .file($0) }
  }

  func credentialFile(_ key: String) throws(KubernetesError) -> CredentialFile? {
    guard let path = try text(key) else { return nil }
    let folder = file.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(file[...$0]) } ?? ""
    return CredentialFile(
      path.hasPrefix("/") ? path : folder + path, what: "\(place(of: key)): \(key) of \(what)")
  }

  func problem(_ problem: String, at key: String, remedy: String? = nil) -> KubernetesError {
    KubernetesError(.configuration, "\(place(of: key)): \(key) of \(what) \(problem)", remedy: remedy)
  }

  func value(_ key: String) -> Node? { node[key].flatMap { $0.scalar == .null ? nil : $0 } }

  private func place(of key: String) -> String {
    let mark = node.entry(key)?.keyMark ?? node.mark
    return "\(file):\(mark.line):\(mark.column)"
  }
}
