import MooringModel

/// Covers, in one line of free text, what follows the names of secrets.
///
/// A word is covered to its end, and so is a text in quotes: what is covered needlessly is a lesser loss.
struct SecretWords {
  private let rules: SecretRules
  private var waiting = Waiting.forNothing
  private var last = ""

  private enum Waiting: Equatable {
    case forNothing
    /// A name was said, and its value is what comes next.
    case forValue
    /// A value goes on until its quotes end.
    case forEnd(Character)
  }

  init(_ rules: SecretRules) { self.rules = rules }

  func covering(_ line: Substring) -> String {
    var state = self
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    return words.compactMap { state.take($0) }.joined(separator: " ")
  }

  /// - Returns: What is shown in the word's place; `nil` where nothing is.
  private mutating func take(_ word: Substring) -> String? {
    guard !word.isEmpty else { return "" }
    switch waiting {
    case .forEnd(let quote):
      guard let end = word.firstIndex(of: quote) else { return nil }
      waiting = .forNothing
      return end == word.indices.last ? nil : String(word[word.index(after: end)...])
    case .forValue where word == "=" || word == ":": return String(word)
    case .forValue: return cover(word)
    case .forNothing: return look(at: word)
    }
  }

  private mutating func look(at word: Substring) -> String {
    defer { last = String(word) }
    if word.hasPrefix("--"), !word.contains("="), rules.isSecret(String(word)) {
      waiting = .forValue
      return String(word)
    }
    for mark in word.indices where word[mark] == "=" || word[mark] == ":" {
      // `password = …` has its name in the word before.
      let before = word[..<mark]
      let name = before.isEmpty ? last[...] : before.suffix(while: { !",;&?/|(){}[]<>".contains($0) })
      guard !name.isEmpty, rules.isSecret(String(name)) else { continue }
      let value = word[word.index(after: mark)...]
      guard !value.isEmpty else {
        waiting = .forValue
        return String(word)
      }
      return word[...mark] + cover(value)
    }
    return String(word)
  }

  private mutating func cover(_ value: Substring) -> String {
    waiting = .forNothing
    if let quote = value.first, "\"'`".contains(quote), !value.dropFirst().contains(quote) {
      waiting = .forEnd(quote)
    }
    return SecretRules.placeholder
  }
}

extension Substring {
  /// The longest end of it of which everything is so.
  fileprivate func suffix(while holds: (Character) -> Bool) -> Substring {
    guard let end = lastIndex(where: { !holds($0) }) else { return self }
    return self[index(after: end)...]
  }
}
