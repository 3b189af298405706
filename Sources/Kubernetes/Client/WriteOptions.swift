/// How objects are written.
public struct WriteOptions: Hashable, Sendable {
  /// What a server does with fields that the object's kind doesn't have.
  public enum FieldValidation: String, Hashable, Sendable {
    case ignore = "Ignore"
    case warn = "Warn"
    case strict = "Strict"
  }

  /// Whose the fields are from then on; at most 128 bytes, printable.
  public var fieldManager: String
  /// Whether fields of other managers are taken over; server-side apply only.
  public var force: Bool
  /// Whether the server answers with what would be, and keeps nothing.
  public var isDryRun: Bool
  /// Asked for only where the server has it (1.25 and later); others take unknown fields without a word.
  public var fieldValidation: FieldValidation?

  public init(
    fieldManager: String, force: Bool = false, isDryRun: Bool = false, fieldValidation: FieldValidation? = nil
  ) {
    self.fieldManager = fieldManager
    self.force = force
    self.isDryRun = isDryRun
    self.fieldValidation = fieldValidation
  }
}
