import Documents
import Testing

@testable import DocumentsTestSupport

/// Random edits of random files, judged by other people's parsers and by a comparison of bytes.
@Suite(.enabled(if: Oracle.isThere, "needs python3 with tomllib and PyYAML"))
struct EditPropertyTests {
  @Test(
    "exactly the edited field changes, for Python too, and no other line does",
    arguments: [DocumentFormat.yaml, .json, .toml, .env, .ini])
  func edits(_ format: DocumentFormat) throws {
    var files = RandomFiles(seed: 7)
    var questions: [String] = []
    var cases: [(RandomEdit, [UInt8])] = []
    var refused = 0
    while cases.count < 400, refused < 100 {
      guard let random = try RandomEdit(format, &files) else { continue }
      do throws(EditError) {
        let edited = try Document.edit(random.source, as: format, [random.edit])
        #expect(random.keepsOtherLines(in: edited), "\(random.described(edited))")
        questions.append(random.question(edited))
        cases.append((random, edited))
      } catch {
        refused += 1
        #expect(error.kind == .unsupported || error.kind == .alreadyThere, "\(error)\n\(random.described([]))")
      }
    }
    #expect(cases.count == 400)
    let answers = try Oracle.editAnswers(questions)
    try #require(answers.count == cases.count)
    for ((random, edited), answer) in zip(cases, answers) {
      #expect(answer == "same", "\(random.described(edited))")
    }
    print("\(format.rawValue): \(cases.count) edits, \(refused) refused")
  }
}
