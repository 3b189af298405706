import Migrations

/// A relation, or a column of one, in the text of an application.
struct Mention {
  let relation: RelationName
  let column: String?

  /// The first file that names it: SQL by what its statements name, everything else by whole words.
  func first(in files: [MigrationFile]) -> String? {
    files.first { file in
      if file.path.hasSuffix(".sql") {
        var use = QueryUse()
        if use.take(file.text) { return use.uses(relation, column: column) }
      }
      return Self.contains(relation.name, in: file.text) && (column.map { Self.contains($0, in: file.text) } ?? true)
    }?.path
  }

  /// The first file that has a word.
  static func file(naming word: String, in files: [MigrationFile]) -> String? {
    files.first { contains(word, in: $0.text) }?.path
  }

  /// As a word: not within another one.
  static func contains(_ word: String, in text: [UInt8]) -> Bool {
    let word = Array(word.lowercased().utf8)
    guard let first = word.first else { return false }
    var index = 0
    while index + word.count <= text.count {
      if lower(text[index]) == first, (1..<word.count).allSatisfy({ lower(text[index + $0]) == word[$0] }),
        index == 0 || !isWord(text[index - 1]), index + word.count == text.count || !isWord(text[index + word.count])
      {
        return true
      }
      index += 1
    }
    return false
  }

  private static func lower(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte + 32 : byte }
  private static func isWord(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95 || byte > 127
  }
}
