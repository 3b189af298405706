/// How a file's bytes are to be read.
public enum DocumentFormat: String, Sendable, Hashable, Codable, CaseIterable {
  case yaml, json, toml, env, properties, ini, text, binary

  /// The format that a file's name says, unless its bytes contain NUL: then `.binary`, as Git judges.
  ///
  /// A `.conf` file is `.ini` only when it opens with a section and every line fits; everything unknown is `.text`.
  public static func detect(path: String, bytes: [UInt8]) -> DocumentFormat {
    if bytes.prefix(8000).contains(0) && !startsWithUTF16Mark(bytes) { return .binary }
    let name = path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)).lowercased() } ?? ""
    if name == ".env" || name.hasPrefix(".env.") { return .env }
    guard let dot = name.lastIndex(of: ".") else { return .text }
    switch name[name.index(after: dot)...] {
    case "yaml", "yml": return .yaml
    case "json": return .json
    case "toml": return .toml
    case "env": return .env
    case "properties": return .properties
    case "ini", "cfg": return .ini
    case "conf": return INIReader.looksLikeINI(bytes) ? .ini : .text
    default: return .text
    }
  }

  static func startsWithUTF16Mark(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
  }
}
