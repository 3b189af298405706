/// What a server or a file says, made fit to be shown.
enum PlainText {
  /// Printable characters on one line, at most `limit` of them.
  static func plain(_ text: String, limit: Int) -> String {
    var result = ""
    for scalar in text.unicodeScalars.prefix(4 * limit) {
      let category = scalar.properties.generalCategory
      let isPlain = category != .control && category != .format
      if isPlain { result.unicodeScalars.append(scalar) } else if result.last != " " { result += " " }
    }
    return result.count > limit ? result.prefix(limit) + "…" : result
  }

  /// The same in double quotes.
  static func quoted(_ text: String) -> String { "\"\(plain(text, limit: 80))\"" }
}
