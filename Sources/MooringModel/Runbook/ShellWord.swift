/// A word of a POSIX shell's command line, as it stands, whatever is in it.
public enum ShellWord {
  public static func quoted(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || "/._-:=,+@".utf8.contains($0)
      }
    return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }

  public static func command(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }
}
