/// Finds Kubernetes secrets in a file, also where the file doesn't parse and whatever they are nested in.
///
/// A file that holds one shows none of its values: too little is shown rather than too much.
enum SecretSearch {
  static func findsOne(in bytes: [UInt8]?) -> Bool {
    guard let bytes else { return false }
    var rest = bytes[...]
    while let found = rest.firstRange(of: Array("kind".utf8)) {
      rest = rest[found.upperBound...]
      if rest.drop(while: isBetween).starts(with: Array("Secret".utf8)) {
        let after = rest.drop(while: isBetween).dropFirst(6).first
        if after.map({ !isLetter($0) }) ?? true { return true }
      }
    }
    return false
  }

  /// What may stand between the key and its value: blanks, quotes and the colon.
  private static func isBetween(_ byte: UInt8) -> Bool { " \t\r\n:\"'".utf8.contains(byte) }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte) || (48...57).contains(byte)
  }
}
