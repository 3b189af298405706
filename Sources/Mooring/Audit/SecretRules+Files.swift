import Documents
import MooringModel

extension SecretRules {
  /// What is shown in the place of a secret.
  static let placeholder = "(secret)"

  /// A file's bytes with a word in the place of each secret value; `nil` where nobody knows where its secrets end.
  func withoutSecrets(file bytes: [UInt8], at path: String) -> [UInt8]? {
    if hides(ObjectName(path: path.utf8), mode: nil) || bytes.firstIndex(of: Array("PRIVATE KEY-----".utf8)) != nil {
      return nil
    }
    switch DocumentFormat.detect(path: path, bytes: bytes) {
    case .binary: return bytes
    case .text: return SecretSearch.findsOne(in: bytes) ? nil : withoutSecretLines(bytes)
    case let format:
      guard let documents = try? Document.parse(bytes, as: format) else {
        return SecretSearch.findsOne(in: bytes) || withoutSecretLines(bytes) != bytes ? nil : bytes
      }
      return covering(documents.flatMap { hidden(in: $0.root) }, of: bytes, quoted: format == .json || format == .toml)
    }
  }

  /// Where the values of secrets stand below a node.
  private func hidden(in root: Node) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var open: [(node: Node, isSecret: Bool)] = [(root, false)]
    while let (node, isSecret) = open.popLast() {
      if isSecret, node.kind == .scalar, node.scalar != .null { ranges.append(node.byteRange) }
      let names = ["name", "key", "id"].compactMap { node[$0]?.scalar?.text }
      let isNamed = names.contains(where: self.isSecret)
      let isKubernetes = node["kind"]?.scalar?.stringValue == "Secret"
      for entry in node.entries {
        let hides =
          isSecret || self.isSecret(entry.key) || (isNamed && entry.key == "value")
          || (isKubernetes && ["data", "stringData"].contains(entry.key))
        open.append((entry.value, hides))
      }
      for element in node.elements { open.append((element, isSecret)) }
    }
    return ranges
  }

  private func covering(_ ranges: [Range<Int>], of bytes: [UInt8], quoted: Bool) -> [UInt8] {
    let word = Array((quoted ? "\"\(Self.placeholder)\"" : Self.placeholder).utf8)
    var shown: [UInt8] = []
    var place = 0
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.lowerBound >= place {
      // A block scalar's end is the beginning of what follows.
      let ends = bytes[range].last == UInt8(ascii: "\n")
      shown += bytes[place..<range.lowerBound] + word + (ends ? [UInt8(ascii: "\n")] : [])
      place = range.upperBound
    }
    return shown + bytes[place...]
  }

  private func withoutSecretLines(_ bytes: [UInt8]) -> [UInt8] {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let shown = lines.map { line in
      names(String(decoding: line, as: UTF8.self)) ? Array("(a line with a secret)".utf8)[...] : line
    }
    return Array(shown.joined(separator: [UInt8(ascii: "\n")]))
  }

  /// Words of free text, such as a reason or a commit's first line, without the values that follow the names of secrets:
  /// `password=…`, `token: …`, `--api-key …`.
  func withoutSecrets(text: String) -> String {
    guard Self.mayName(text) else { return text }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map { SecretWords(self).covering($0) }.joined(separator: "\n")
  }

  /// Whether there is anything that stands between a name and a value: in nearly no sentence is.
  private static func mayName(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { utf8 in
      var last: UInt8 = 0
      for byte in utf8 {
        if byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-") && last == byte {
          return true
        }
        last = byte
      }
      return false
    }
  }

  private func names(_ text: String) -> Bool {
    text.split { $0.isWhitespace || ":=,;\"'()<>{}[]".contains($0) }.contains { isSecret(String($0)) }
  }
}
