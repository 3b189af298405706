import Documents
import Foundation

/// Python, asked what it reads.
enum Oracle {
  static let isThere = (try? run(["-c", "import tomllib, yaml"], input: "")) != nil

  static func answers(_ cases: [[UInt8]], as format: DocumentFormat) throws -> [String] {
    let input = cases.map { "\(format.rawValue) \(hex($0))\n" }.joined()
    return try run(["-c", oracleScript], input: input).split(separator: "\n", omittingEmptySubsequences: false)
      .dropLast()
      .map(String.init)
  }

  static func editAnswers(_ questions: [String]) throws -> [String] {
    try run(["-c", editOracleScript], input: questions.joined()).split(
      separator: "\n", omittingEmptySubsequences: false
    )
    .dropLast()
    .map(String.init)
  }

  private struct Failed: Error { let status: Int32 }

  private static func run(_ arguments: [String], input: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "oracle-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (question, answer) = (folder.appending(path: "in"), folder.appending(path: "out"))
    try Data(input.utf8).write(to: question)
    try Data().write(to: answer)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardInput = try FileHandle(forReadingFrom: question)
    process.standardOutput = try FileHandle(forWritingTo: answer)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(status: process.terminationStatus) }
    return String(decoding: try Data(contentsOf: answer), as: UTF8.self)
  }

  /// What `oracle.py` prints for the same source, from our tree.
  static func render(_ source: [UInt8], as format: DocumentFormat) -> String {
    guard let documents = try? Document.parse(source, as: format) else { return "!" }
    return documents.map { render($0.root, format) }.joined(separator: ";")
  }

  private static func render(_ node: Node, _ format: DocumentFormat) -> String {
    switch node.kind {
    case .mapping:
      "{"
        + node.entries.map { "\(hex(Array($0.key.utf8)))=\(render($0.value, format))" }.sorted()
        .joined(separator: ",") + "}"
    case .sequence: "[" + node.elements.map { render($0, format) }.joined(separator: ",") + "]"
    case .scalar: format == .yaml ? placed(node) : typed(node, format)
    }
  }

  private static func placed(_ node: Node) -> String {
    let range = node.isAlias ? 0..<0 : node.byteRange
    return "\(hex(Array(node.text.utf8)))@\(range.lowerBound)-\(range.upperBound)"
  }

  private static func typed(_ node: Node, _ format: DocumentFormat) -> String {
    switch node.scalar {
    case .null?: "n:"
    case .bool(let value)?: "b:\(hex(Array(value.description.utf8)))"
    case .integer(let text)?:
      // Python gives a TOML integer's value, not its text; JSON's comes as text.
      "i:\(hex(Array((format == .toml ? normal(text) : text).utf8)))"
    case .float(let text)?: "f:\(hex(Array(text.utf8)))"
    case .string(let text)?: "s:\(hex(Array(text.utf8)))"
    case .date?: "d:"
    case nil: "?"
    }
  }

  private static func normal(_ text: String) -> String {
    Scalar.integer(text).intValue.map(String.init) ?? text
  }

  static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// Python takes half a surrogate pair for a character; RFC 8259 leaves it open, and UTF-8 has no room for it.
  static func hasLoneSurrogate(_ source: [UInt8]) -> Bool {
    String(decoding: source, as: UTF8.self).lowercased().contains("\\ud")
  }
}
