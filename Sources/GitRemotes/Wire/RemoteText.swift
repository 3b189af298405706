/// What a remote says to a person, made harmless for terminals, logs and pages.
enum RemoteText {
  /// Text without control characters and without marks that turn its direction, cut at `limit` bytes.
  static func clean(_ bytes: some Collection<UInt8>, limit: Int) -> String {
    var text = String.UnicodeScalarView()
    for scalar in String(decoding: bytes.prefix(limit), as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0x0A, 0x0D: if text.last != "\n" && !text.isEmpty { text.append("\n") }
      case 0x09: text.append(" ")
      case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: continue
      case _ where scalar.properties.isBidiControl: continue
      default: text.append(scalar)
      }
    }
    while let last = text.last, last == "\n" || last == " " { text.removeLast() }
    return String(text)
  }
}
