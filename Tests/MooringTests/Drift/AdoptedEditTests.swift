import Documents
import FoundationEssentials
import Git
import MooringJournal
import MooringModel
import MooringTestSupport
import Testing

@testable import DocumentsTestSupport
@testable import Mooring

/// Random changes of live files, taken onto a branch that has moved on: judged by Python's parsers and byte by byte.
@Suite(.inTurn, .enabled(if: Oracle.isThere, "needs python3 with tomllib and PyYAML"))
struct AdoptedEditTests {
  private static let count = 400

  /// A file as it was deployed, as it is live, and as it is on the branch by now.
  private struct Case {
    var path: String
    var random: RandomEdit
    var deployed: [UInt8]
    var live: [UInt8]
    /// Where all that differs is below the edit.
    var field: String?

    /// What the branch has, with the edit in its coordinates.
    var onBranch: RandomEdit
  }

  @Test(
    "exactly the field that was changed comes to the branch, and no other line",
    arguments: [DocumentFormat.yaml, .json, .toml, .env, .ini])
  func adoption(_ format: DocumentFormat) async throws {
    var files = RandomFiles(seed: 11)
    var cases: [Case] = []
    while cases.count < Self.count {
      if let one = try makeCase(format, cases.count, &files) { cases.append(one) }
    }
    let adopted = try await adopt(cases)
    var judged: [(Case, [UInt8])] = []
    for (one, result) in zip(cases, adopted) {
      switch result {
      case .success(let bytes):
        #expect(one.onBranch.keepsOtherLines(in: bytes), "\(one.onBranch.described(bytes))")
        judged.append((one, bytes))
      case .failure(let fault):
        #expect(fault.code == .conflict, "\(fault)\n\(one.onBranch.described([]))")
      }
    }
    #expect(judged.count > Self.count * 95 / 100, "\(Self.count - judged.count) were refused")
    let answers = try Oracle.editAnswers(judged.map { $0.0.onBranch.question($0.1) })
    try #require(answers.count == judged.count)
    for ((one, bytes), answer) in zip(judged, answers) {
      #expect(answer == "same", "\(one.field ?? "all"): \(one.onBranch.described(bytes))")
    }
    print("\(format.rawValue): \(judged.count) adopted, \(Self.count - judged.count) refused")
  }

  // MARK: Files

  /// Lines in front of a file in which the branch and the live file differ in other ways than by the edit.
  private struct Head {
    var text: String
    var branch: String
    var live: String

    init(_ format: DocumentFormat, of source: String) {
      let gap = "# one\n# two\n# three\n"
      func head(_ first: String, _ second: String) -> String {
        switch format {
        case .json: "{\n\"zz0\": \(first),\n\n\n\n\"zz1\": \(second),\n\n\n\n\"doc\": "
        case .toml: "zz0 = \(first)\n\(gap)zz1 = \(second)\n\(gap)"
        case .env: "ZZ0=\(first)\n\(gap)ZZ1=\(second)\n\(gap)"
        case .ini: "[zz]\nzz0 = \(first)\n\(gap)zz1 = \(second)\n\(gap)"
        // What comes before a document's marker is none of its fields.
        case .yaml where source.hasPrefix("# head"): "# \(first)\n\(gap)# \(second)\n\(gap)"
        default: "zz0: \(first)\n\(gap)zz1: \(second)\n\(gap)"
        }
      }
      text = head("1", "1")
      branch = head("2", "1").replacing("# two", with: "# zwei, by a colleague")
      live = head("1", "2")
    }

    static func end(_ format: DocumentFormat) -> String { format == .json ? "\n}\n" : "" }
  }

  private func makeCase(_ format: DocumentFormat, _ number: Int, _ files: inout RandomFiles) throws -> Case? {
    guard let random = try RandomEdit(format, &files) else { return nil }
    let source = String(decoding: random.source, as: UTF8.self)
    let head = Head(format, of: source)
    func whole(_ head: String, _ source: [UInt8]) -> [UInt8] {
      Array(head.utf8) + source + Array(Head.end(format).utf8)
    }
    guard let changed = try? Document.edit(random.source, as: format, [random.edit]) else { return nil }
    let deployed = whole(head.text, random.source)
    var onBranch = random
    onBranch.source = whole(head.branch, random.source)
    let path = format == .json ? FieldPath([.key("doc")] + random.edit.path.components) : random.edit.path
    onBranch.edit = FieldEdit(path: path, random.edit.action)
    let lines = head.text.utf8.count { $0 == 0x0A }
    onBranch.touched =
      random.touched.upperBound == .max
      ? random.touched : random.touched.lowerBound + lines..<random.touched.upperBound + lines
    // A mere other spelling is no change of a field, and can't be asked for.
    let name = Self.name(format, number)
    let difference = differences(from: deployed, to: whole(head.text, changed), path: name)
    guard !difference.fields.isEmpty else { return nil }
    let isOne = difference.fields.allSatisfy { $0.path.isInside(path) }
    return Case(
      path: name, random: random, deployed: deployed, live: whole(isOne ? head.live : head.text, changed),
      field: isOne ? path.description : nil, onBranch: onBranch)
  }

  private static func name(_ format: DocumentFormat, _ number: Int) -> String { "f\(number).\(format.rawValue)" }

  // MARK: Adoption

  /// Deploys the files, changes them live and on the branch, and takes over each case by itself.
  private func adopt(_ cases: [Case]) async throws -> [Result<[UInt8], Fault>] {
    let site = try Site([:])
    try site.commit(cases.map { ($0.path, $0.deployed) })
    let workspace = try await site.workspace()
    try await workspace.sync()
    for one in cases {
      let file = site.folder["root-production/current/\(one.path)"]
      try Data(one.live).write(to: URL(filePath: file))
    }
    try site.commit(cases.map { ($0.path, $0.onBranch.source) })
    let context = try workspace.context()
    try await workspace.fetch(workspace.repository("config"))
    let deployed = try context.head().state.deployed
    let release = try #require(deployed?.release)
    let maker = AdoptionMaker(
      context: context, deployed: try StoredRelease(release.digest, in: context.repository.git), drifts: [:],
      secrets: SecretRules())
    let tip = try context.repository.tip()
    var results: [Result<[UInt8], Fault>] = []
    for one in cases {
      let part = AdoptRequest.Part(object: ObjectName(path: "current/\(one.path)".utf8), field: one.field)
      do {
        let tree = try await maker.tree(of: [part], on: tip)
        let entry = try context.repository.git.entry(at: "app/\(one.path)", in: tree)
        results.append(.success(try context.repository.git.blob(#require(entry).id)))
      } catch let fault as Fault {
        results.append(.failure(fault))
      }
    }
    return results
  }
}

extension Site {
  /// Commits files by their bytes, below `app/`.
  fileprivate func commit(_ files: [(String, [UInt8])]) throws {
    for (path, bytes) in files {
      let file = URL(filePath: author.path + "/app/" + path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: file)
    }
    try author.git("add", "--all")
    try author.git("commit", "--quiet", "--message", "Change")
    try publish()
  }
}
