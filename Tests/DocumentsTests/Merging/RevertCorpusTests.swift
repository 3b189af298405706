import Documents
import Foundation
import Testing

@testable import DocumentsTestSupport

/// Reverts of commented files beside which others changed something later: `Tests/Soak/revert/corpus.py` makes them, has Git
/// try each, and judges by Python's own readers. Here a slice; `Tests/Soak/revert.sh` has all of it.
@Suite struct RevertCorpusTests {
  private struct Figures: Decodable {
    var cases, stopped, independent, resolved, conflicts, refused, wrong, lost: Int
  }

  private static let count = ProcessInfo.processInfo.environment["REVERT_CORPUS"].flatMap { Int($0) } ?? 150
  private static let seed = ProcessInfo.processInfo.environment["SOAK_SEED"].flatMap { Int($0) } ?? 1

  @Test("reverts that Git stops at are resolved where their fields are independent, and none is resolved wrongly")
  func corpus() throws {
    guard Oracle.isThere else { return }
    let folder = FileManager.default.temporaryDirectory.appending(path: "corpus-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try run(["make", folder.path, "\(Self.count)", "\(Self.seed)"])
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path + "/later").sorted() {
      try merge(name, in: folder)
    }
    let (answer, faults) = try run(["judge", folder.path])
    print("   reverts of seed \(Self.seed): \(answer)")
    let figures = try JSONDecoder().decode(Figures.self, from: Data(answer.utf8))
    #expect(figures.cases == Self.count)
    #expect(figures.wrong == 0, "\(faults)")
    #expect(figures.lost == 0, "\(faults)")
    #expect(figures.independent > Self.count / 5 && figures.conflicts > Self.count / 10)
    #expect(figures.resolved * 100 >= figures.independent * 95, "\(figures): \(faults)")
  }

  private func merge(_ name: String, in folder: URL) throws {
    func bytes(_ stage: String) throws -> [UInt8] {
      Array(try Data(contentsOf: folder.appending(path: "\(stage)/\(name)")))
    }
    let isStopped = !FileManager.default.fileExists(atPath: folder.path + "/git/" + name)
    let later = try bytes("later")
    let merge = FileMerge(
      base: try bytes("bad"), ours: later, theirs: try bytes("before"),
      format: DocumentFormat.detect(path: name, bytes: later))
    guard case .merged(let merged) = merge.outcome(text: isStopped ? nil : try bytes("git")) else { return }
    try Data(merged).write(to: folder.appending(path: "merged/\(name)"))
  }

  private struct Failed: Error { var message: String }

  private func run(_ arguments: [String]) throws -> (answer: String, faults: String) {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Soak/revert/corpus.py")
    let process = Process()
    let (answer, faults) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", script.standardized.path] + arguments
    process.standardOutput = answer
    process.standardError = faults
    try process.run()
    let text = String(decoding: try answer.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    let problems = String(decoding: try faults.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(message: problems) }
    return (text, problems)
  }
}
