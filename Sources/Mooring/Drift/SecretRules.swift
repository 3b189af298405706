import Documents
public import MooringModel

/// Which files and fields hold secrets: their values are never shown, only that they differ.
public struct SecretRules: Sendable, Hashable {
  /// Files that are secret by their name.
  private static let usual: [PathPattern] = [
    "*.key", "*.pem", "*.p12", "*.pfx", "*.jks", "*.kdbx", "*.gpg", "*secret*", "*password*", "*credential*", "id_rsa",
    "id_ed25519", "id_ecdsa", ".netrc", ".pgpass", ".htpasswd", "htpasswd", "shadow",
  ].compactMap { try? PathPattern($0, at: "") }

  /// What a key contains when what it names is secret; case, `-`, `_` and `.` don't matter.
  private static let words = [
    "password", "passwd", "passphrase", "secret", "token", "apikey", "privatekey", "accesskey", "credential", "dsn",
    "connectionstring",
  ].map { Array($0.utf8) }

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

  /// Whether a field's value is secret: for the name of its key, or of one that it lies below, or because it is the value
  /// of what is named so in a list: `env[name=DB_PASSWORD].value`.
  func hides(_ path: FieldPath) -> Bool {
    path.components.contains { component in
      switch component {
      case .key(let key): isSecret(key)
      case .element(_, let name): isSecret(name) && path.components.last == .key("value")
      case .index: false
      }
    }
  }

  /// Whether a name is that of a secret.
  func isSecret(_ name: String) -> Bool {
    let plain = name.utf8.allSatisfy { $0 < 0x80 } ? Self.plain(name.utf8) : Self.plain(name)
    return Self.words.contains { plain.firstIndex(of: $0) != nil }
  }

  /// Letters and digits alone, in lower case; by scalars, since a joiner of no width is a part of the letter before it.
  private static func plain(_ name: String) -> [UInt8] {
    let kept = name.lowercased().unicodeScalars.filter { scalar in
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
    return Array(String(String.UnicodeScalarView(kept)).utf8)
  }

  /// The same of ASCII, which most names are: every field of every file that differs is asked for.
  private static func plain(_ name: String.UTF8View) -> [UInt8] {
    name.compactMap { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
      default: nil
      }
    }
  }
}
