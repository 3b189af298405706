import Documents
import Foundation
import Testing

@testable import DocumentsTestSupport

/// The same documents, read by Python's `json` and `tomllib` and by PyYAML: other people's code for the same standards.
@Suite(.enabled(if: Oracle.isThere, "needs python3 with tomllib and PyYAML"))
struct OracleTests {
  @Test("JSON is read as Python reads it, and refused where Python refuses it")
  func json() throws {
    var random = SeededRandom(seed: 1)
    var cases: [[UInt8]] = []
    for _ in 0..<300 {
      let sound = Array(RandomJSON.value(&random, depth: 4).utf8)
      cases.append(sound)
      for _ in 0..<6 { cases.append(Mutation.mutate(sound, &random)) }
    }
    try compare(cases.filter { !Oracle.hasLoneSurrogate($0) }, as: .json)
  }

  @Test("TOML is read as tomllib reads it, and refused where tomllib refuses it")
  func toml() throws {
    var random = SeededRandom(seed: 2)
    var cases: [[UInt8]] = []
    for _ in 0..<400 {
      let sound = Array(RandomTOML.document(&random).utf8)
      cases.append(sound)
      for _ in 0..<8 { cases.append(Mutation.mutate(sound, &random)) }
    }
    try compare(cases, as: .toml)
  }

  @Test("YAML has the texts and byte ranges that PyYAML finds")
  func yaml() throws {
    var random = SeededRandom(seed: 3)
    try compare((0..<600).map { _ in Array(RandomBlockYAML.document(&random).utf8) }, as: .yaml)
  }

  private func compare(_ cases: [[UInt8]], as format: DocumentFormat) throws {
    let answers = try Oracle.answers(cases, as: format)
    try #require(answers.count == cases.count)
    var readable = 0
    for (source, answer) in zip(cases, answers) {
      let own = Oracle.render(source, as: format)
      if own != "!" { readable += 1 }
      #expect(own == answer, "\(String(decoding: source, as: UTF8.self).debugDescription)")
    }
    #expect(readable * 5 > cases.count)
  }
}
