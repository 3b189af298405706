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

  /// The same of a text that says at its end what it is about: its middle is left out.
  static func ends(_ text: String, limit: Int) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > limit else { return plain(text, limit: limit) }
    return plain(String(scalars.prefix(limit / 2)), limit: limit) + "…"
      + plain(String(scalars.suffix(limit / 2)), limit: limit)
  }

  /// The same in double quotes.
  static func quoted(_ text: String) -> String { "\"\(plain(text, limit: 80))\"" }
}
