import Documents
import MooringModel

extension SecretRules {
  /// The end of the line that a private key in PEM begins with.
  private static let keyHeading = Array("PRIVATE KEY-----".utf8)
  /// What stands in a secret's place.
  private static let hidden = FieldValue.scalar(.string("a secret value"))

  /// A value with what is secret in it left out.
  func withoutSecrets(_ value: FieldValue) -> FieldValue {
    switch value {
    case .scalar: return value
    case .sequence(let values): return .sequence(values.map(withoutSecrets))
    case .mapping(let entries):
      let isNamed = entries.contains { entry in
        ["name", "key", "id"].contains(entry.key) && (entry.value.scalar.map { isSecret($0.text) } ?? false)
      }
      return .mapping(
        entries.map { entry in
          let isHidden = isSecret(entry.key) || (isNamed && entry.key == "value")
          return FieldValue.Entry(key: entry.key, value: isHidden ? Self.hidden : withoutSecrets(entry.value))
        })
    }
  }

  /// A line of a unified diff, without what it says where it names a secret.
  func withoutSecrets(line: String) -> String {
    findsOne(in: line) ? line.prefix(1) + " a line with a secret" : line
  }

  private func findsOne(in line: some StringProtocol) -> Bool {
    line.split { $0.isWhitespace || ":=,;\"'()<>{}[]".contains($0) }.contains { isSecret(String($0)) }
  }

  /// Whether a file is to be shown by no value at all: for a Kubernetes secret, a private key, or because it names
  /// secrets and can't be read by field, so that nobody knows where their values end.
  func hideAll(of difference: FileDifference, _ old: [UInt8]?, _ new: [UInt8]?) -> Bool {
    [old, new].contains { bytes in
      guard let bytes else { return false }
      if SecretSearch.findsOne(in: bytes) || bytes.firstIndex(of: Self.keyHeading) != nil { return true }
      return difference.parseError != nil && findsOne(in: String(decoding: bytes, as: UTF8.self))
    }
  }

  /// Whether a file, or a part of one, is to be shown by no value at all: for its name, a Kubernetes secret or a private key.
  func hidesAll(of file: ObjectName?, _ bytes: [UInt8]) -> Bool {
    file.map { hides($0, mode: nil) } ?? false || SecretSearch.findsOne(in: bytes)
      || bytes.firstIndex(of: Self.keyHeading) != nil
  }

  /// Equal for rules that hide the same.
  var fingerprint: String { (["1"] + files.map(\.description)).joined(separator: "\n") }

  /// Whether anything secret is among what differs, of one field and those below it, or of all.
  func findsOne(in difference: FileDifference, at field: FieldPath?) -> Bool {
    switch difference.content {
    case .fields(let documents):
      documents.flatMap(\.fields).contains { change in
        guard field.map({ change.path.isInside($0) }) ?? true else { return false }
        return hides(change.path) || [change.old, change.new].contains { $0.map { withoutSecrets($0) != $0 } ?? false }
      }
    case .lines(let hunks):
      hunks.flatMap(\.lines).contains { $0.kind == .added && findsOne(in: $0.text) }
    case .binary: false
    }
  }
}
