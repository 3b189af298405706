import MooringModel

/// Declares modes and owners as they are live, in an attributes file: in the line that is about the path alone, where there
/// is one, otherwise as a new last line.
struct AttributeAdoption {
  /// The configuration's, which come last.
  let operatorRules: [AttributeRule]
  /// The attributes file with what has been declared.
  private(set) var bytes: [UInt8]

  init(in bytes: [UInt8], operatorRules: [AttributeRule]) {
    self.bytes = bytes
    self.operatorRules = operatorRules
  }

  /// - Parameter usual: The mode that it has where nothing is declared.
  /// - Throws: `Fault` where the file can't be read, or no line of it can declare that.
  mutating func declare(
    _ attributes: FileAttributes, of path: RelativePath, isFolder: Bool, usual: UInt16
  ) throws(Fault) {
    let known = try declared(of: path, isFolder, in: bytes)
    var wanted = attributes
    if wanted.mode == known.mode ?? usual { wanted.mode = nil }
    if wanted.owner == known.owner { wanted.owner = nil }
    if wanted.group == known.group { wanted.group = nil }
    guard wanted != FileAttributes() else { return }
    for candidate in try candidates(wanted, path, isFolder) {
      guard let now = try? declared(of: path, isFolder, in: candidate), now == now.overridden(by: wanted) else {
        continue
      }
      bytes = candidate
      return
    }
    throw Fault(
      .conflict, "its mode or owner can't be declared in \(AttributeRule.fileName)", at: path.string,
      remedy: "look at `attributes` in the configuration, which holds over the file, or put it back")
  }

  private func declared(of path: RelativePath, _ isFolder: Bool, in bytes: [UInt8]) throws(Fault) -> FileAttributes {
    let components = path.string.split(separator: "/").map { Array($0.utf8) }
    return AttributeRule.attributes(
      of: components, isFolder: isFolder, by: try AttributeRule.rules(in: bytes) + operatorRules)
  }

  // MARK: Lines

  private func candidates(_ wanted: FileAttributes, _ path: RelativePath, _ isFolder: Bool) throws(Fault) -> [[UInt8]] {
    // A pattern can't hold blanks, and would take these for more than themselves.
    guard !path.string.contains(where: { $0.isWhitespace || "*?".contains($0) }) else { return [] }
    let pattern = "/" + path.string + (isFolder ? "/" : "")
    let text = String(decoding: bytes, as: UTF8.self)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    var all: [[UInt8]] = []
    if let own = lines.lastIndex(where: { $0.split { $0 == " " || $0 == "\t" }.first == Substring(pattern) }) {
      lines[own] = Self.pairs(wanted).reduce(lines[own]) { Self.line($0, with: $1) }
      all.append(Array(lines.joined(separator: "\n").utf8))
    }
    let end = text.isEmpty || text.hasSuffix("\n") ? "" : "\n"
    let new = Self.pairs(wanted).reduce(pattern) { Self.line($0, with: $1) }
    return all + [Array((text + end + new + "\n").utf8)]
  }

  private static func pairs(_ attributes: FileAttributes) -> [(key: String, value: String)] {
    let mode = attributes.mode.map { "0" + String($0, radix: 8) }
    return [("mode", mode), ("owner", attributes.owner), ("group", attributes.group)].compactMap { key, value in
      value.map { (key, $0) }
    }
  }

  /// The line with one attribute set in its place, or at its end.
  private static func line(_ line: String, with pair: (key: String, value: String)) -> String {
    let words = line.split { $0 == " " || $0 == "\t" }
    guard let old = words.dropFirst().first(where: { $0.hasPrefix(pair.key + "=") }) else {
      return line + " \(pair.key)=\(pair.value)"
    }
    return line[..<old.startIndex] + "\(pair.key)=\(pair.value)" + line[old.endIndex...]
  }
}
