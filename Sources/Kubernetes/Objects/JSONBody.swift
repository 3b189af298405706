public import Documents

/// An object as JSON (RFC 8259), to be sent.
public struct JSONBody: Hashable, Sendable {
  public let bytes: [UInt8]

  /// JSON that is sent as it is.
  public init(verbatim bytes: [UInt8]) { self.bytes = bytes }

  /// Aliases and merge keys of YAML are written out; its other spellings of numbers become JSON's.
  ///
  /// - Throws: `invalid` for what JSON can't hold: numbers that aren't finite.
  public init(_ node: Node) throws(KubernetesError) {
    var writer = JSONWriter()
    try writer.append(node)
    bytes = writer.bytes
  }

  /// - Throws: `invalid` for what JSON can't hold: numbers that aren't finite.
  public init(_ value: FieldValue) throws(KubernetesError) {
    var writer = JSONWriter()
    try writer.append(value)
    bytes = writer.bytes
  }

  func parsed() throws(KubernetesError) -> Node { try AnswerReader.standard.root(of: bytes) }
}
