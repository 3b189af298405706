/// What a remote says, made fit to be shown.
enum PlainText {
  /// Printable characters on one line, at most `limit` of them.
  static func plain(_ text: String, limit: Int) -> String {
    var result = ""
    for scalar in text.unicodeScalars.prefix(4 * limit) {
      let isPlain = scalar.properties.generalCategory != .control && scalar.properties.generalCategory != .format
      if isPlain { result.unicodeScalars.append(scalar) } else if result.last != " " { result += " " }
    }
    let trimmed = String(result.drop { $0 == " " })
    let end = trimmed.lastIndex { $0 != " " }
    let line = end.map { trimmed[...$0] } ?? ""
    return line.count > limit ? line.prefix(limit) + "…" : String(line)
  }
}
