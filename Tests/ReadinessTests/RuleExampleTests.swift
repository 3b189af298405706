import FoundationEssentials
import Migrations
import MooringModel
import Testing

@testable import Readiness

/// Runs the examples of `docs/rules.md`.
@Suite struct RuleExampleTests {
  struct Example: Sendable, CustomTestStringConvertible {
    var rule: String
    var fails: String
    var passes: String
    var testDescription: String { rule }
  }

  static let examples: [Example] = {
    let path = URL(filePath: #filePath).deletingLastPathComponent().path + "/../../docs/rules.md"
    guard let data = try? Data(contentsOf: URL(filePath: path)) else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n## ").dropFirst().map { section in
      let fences = section.split(separator: "```text\n").dropFirst().compactMap { fence in
        fence.split(separator: "\n```").first.map(String.init)
      }
      return Example(rule: String(section.prefix { $0 != "\n" }), fails: fences[0], passes: fences[1])
    }
  }()

  @Test func `Every rule is documented, in one place`() {
    #expect(Self.examples.map(\.rule).sorted() == Rule.allCases.map(\.rawValue).sorted())
  }

  @Test(arguments: examples) func `The example that fails is found by its rule`(_ example: Example) {
    let findings = Self.findings(example.fails)
    #expect(findings.contains { $0.rule.rawValue == example.rule }, "\(findings)")
  }

  @Test(arguments: examples) func `The example that passes is found by none`(_ example: Example) {
    #expect(Self.findings(example.passes) == [])
  }

  static func findings(_ text: String) -> [Finding] {
    guard text.hasPrefix("== facts\n") else { return change(text).findings() }
    if text.hasPrefix("== facts\nrendering") { return rendering(text).findings() }
    let standing = standing(text)
    return standing.targets.flatMap(\.findings) + standing.general
  }

  /// `== facts`, and one a line.
  private static func standing(_ text: String) -> Standing {
    var target = Standing.Target(label: "v41", isStored: true)
    var standing = Standing(
      environment: "production", deployed: "v42", seconds: 4, targets: [],
      rehearsal: .init(environment: "production", at: Timestamp(milliseconds: 0), seconds: 4))
    for line in text.split(separator: "\n").dropFirst() {
      let words = line.split(separator: " ").map(String.init)
      let rest = words.dropFirst().joined(separator: " ")
      switch words[0] {
      case "image":
        let state: Standing.Image.State =
          switch words[2] {
          case "gone": .gone
          case "moved": .moved(from: words[3], to: words[4])
          case "unknown": .unknown(words.dropFirst(3).joined(separator: " "))
          default: .present
          }
        target.images.append(Standing.Image(text: words[1], place: Place(file: "app.yaml", line: 1), state: state))
      case "tree": target.isStored = words[1] == "whole"
      case "revert": target.revertProblem = rest.isEmpty ? nil : rest
      case "rehearsed" where words[1] == "never": standing.rehearsal = nil
      case "rehearsed" where words[1] == "failed": standing.rehearsal?.problem = rest
      case "backup":
        standing.backup = Standing.Backup(
          problem: rest.isEmpty ? nil : rest, destroyed: [Finding(.tableDropped, at: Place(), "the table t is dropped")]
        )
      default: break
      }
    }
    standing.targets = [target]
    return standing
  }

  /// What became of rendering the inputs.
  private static func rendering(_ text: String) -> Change {
    var change = Change()
    let words = text.split(separator: "\n")[1].split(separator: " ", maxSplits: 2).map(String.init)
    switch words[1] {
    case "refused": change.rendering = .refused(words[2])
    case "unknown": change.rendering = .unknown(words[2])
    default: change.rendering = .made([])
    }
    return change
  }

  /// `== base PATH`, `== head PATH` and `== earlier PATH`, each with the file's lines.
  static func change(_ text: String) -> Change {
    var files: [String: [(path: String, text: [UInt8])]] = [:]
    for part in ("\n" + text).split(separator: "\n== ") {
      let lines = part.split(separator: "\n", maxSplits: 1)
      let words = lines[0].split(separator: " ")
      files[String(words[0]), default: []].append(
        (String(words[1]), lines.count > 1 ? Array((lines[1] + "\n").utf8) : []))
    }
    let base = Dictionary(uniqueKeysWithValues: (files["base"] ?? []).map { ($0.path, $0.text) })
    let head = base.merging((files["head"] ?? []).map { ($0.path, $0.text) }) { $1 }
    func migrations(_ files: [String: [UInt8]]) -> [MigrationFile] {
      files.filter { $0.key.hasPrefix("migrations/") }.map { MigrationFile(path: $0.key, text: $0.value) }
    }
    func code(_ files: [String: [UInt8]]) -> [MigrationFile] {
      files.filter { $0.key.hasSuffix(".py") }.map { MigrationFile(path: $0.key, text: $0.value) }
    }
    let earlier = Dictionary(uniqueKeysWithValues: (files["earlier"] ?? []).map { ($0.path, $0.text) })
    return Change(
      files: head.keys.filter { !$0.hasPrefix("migrations/") && base[$0] != head[$0] }.sorted()
        .map { Change.File(path: $0, base: base[$0], head: head[$0]) },
      migrating: [Change.Migrating(base: migrations(base), head: migrations(head))],
      applications: [
        Change.Application(label: "the release before", files: code(base)),
        Change.Application(label: "commit 0123", files: code(earlier)),
      ], declared: ["0123456789012345678901234567890123456789": true])
  }
}
