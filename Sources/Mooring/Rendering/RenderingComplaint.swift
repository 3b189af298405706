/// What a program said when it failed, short enough for the journal: the beginning and the end, and paths as the
/// repository has them.
struct RenderingComplaint {
  /// In characters.
  static let longest = 1_000
  let text: String

  init(_ said: String) {
    let plain = said.replacing("/inputs/", with: "").split(whereSeparator: \.isNewline)
      .map { $0.filter { $0 == "\t" || !$0.isASCII || ($0 >= " " && $0 != "\u{7F}") } }.joined(separator: "\n")
    guard plain.count > Self.longest else {
      text = plain.isEmpty ? "it said nothing" : plain
      return
    }
    text = plain.prefix(Self.longest / 2) + " … " + plain.suffix(Self.longest / 2)
  }
}
