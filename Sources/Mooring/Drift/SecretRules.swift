public import MooringModel

/// Which files and fields hold secrets: their values are never shown, only that they differ.
public struct SecretRules: Sendable, Hashable {
  /// Files that are secret by their name.
  private static let usual: [PathPattern] = [
    "*.key", "*.pem", "*.p12", "*.pfx", "*.jks", "*.kdbx", "*.gpg", "*secret*", "*password*", "*credential*", "id_rsa",
    "id_ed25519", "id_ecdsa", ".netrc", ".pgpass", ".htpasswd", "htpasswd", "shadow",
  ].compactMap { try? PathPattern($0, at: "") }

  /// What a field's last key contains when its value is secret; case, `-`, `_` and `.` don't matter.
  private static let words = [
    "password", "passwd", "passphrase", "secret", "token", "apikey", "privatekey", "accesskey", "credential", "dsn",
    "connectionstring",
  ]

  /// Files that the operator named besides.
  public var files: [PathPattern]

  public init(files: [PathPattern] = []) {
    self.files = files
  }

  /// Whether a file's content is secret as a whole.
  ///
  /// - Parameter mode: Its permissions, where they were declared: what nobody but its owner may read is secret.
  func hides(_ object: ObjectName, mode: UInt32?) -> Bool {
    if let mode, mode & 0o077 == 0 { return true }
    let path = object.releaseComponents
    return (Self.usual + files).contains { $0.matches(path, isFolder: false) }
  }

  func hides(field: String) -> Bool {
    let last = field.lowercased().split(separator: ".").last.map(String.init) ?? ""
    let plain = last.filter { $0.isLetter || $0.isNumber }
    return Self.words.contains { plain.contains($0) }
  }
}
