/// What a YAML scalar is, by its tag or, when plain, by the core schema.
enum YAMLTypes {
  private static let prefix = "tag:yaml.org,2002:"

  static func type(
    of value: UnsafeBufferPointer<UInt8>, isPlain: Bool, tag: String?, at offset: Int
  ) throws(ReadingProblem) -> NodeRecord.ScalarType {
    guard let tag else { return isPlain ? CoreSchema.type(ofPlain: value) : .string }
    guard tag.hasPrefix(prefix) else { return .string }
    let name = tag.dropFirst(prefix.count)
    let plain = CoreSchema.type(ofPlain: value)
    switch name {
    case "null" where plain == .null: return .null
    case "bool" where plain == .true || plain == .false: return plain
    case "int" where plain == .integer || TOMLNumbers.isInteger(value): return .integer
    case "float" where plain == .float || plain == .integer || TOMLNumbers.isFloat(value): return .float
    case "timestamp": return .date
    case "null", "bool", "int", "float":
      throw ReadingProblem(
        .syntax, "\(Scalar.quoted(String(decoding: value, as: UTF8.self))) isn't a YAML !!\(name)", at: offset)
    default: return .string
    }
  }
}
