import FoundationEssentials
import Git
import MooringModel
import MooringTestSupport
import Testing

@testable import Mooring

/// What goes over a limit of this room is refused, with an error that names the limit.
@Suite("Limits", .timeLimit(.minutes(10))) struct LimitTests {
  @Test("a configuration over the limit is refused without being read to its end")
  func configuration() throws {
    let error = #expect(throws: Fault.self) { try ConfigurationFile.read("/dev/zero") }
    #expect(error?.code == .limit)
    #expect(error?.description.contains("\(ConfigurationFile.maximumBytes) bytes") == true)
  }

  private func refusal(
    of files: [String: String?], after trusted: [String: String?]? = nil, _ limits: ContentLimits
  ) throws -> String? {
    let fixture = try GitFixture()
    let repository = try fixture.open()
    var old: ObjectID?
    if let trusted { old = try repository.commit(fixture.commit("Old", files: trusted)).tree }
    let tree = try repository.commit(fixture.commit("New", files: files)).tree
    let definition = Definition(renderer: "plain", version: 1, paths: ["."])
    switch try PlainRenderer(repository: repository, limits: limits).render(tree, definition, trusting: old) {
    case .rendered: return nil
    case .refused(let fault): return fault.code == .limit ? fault.description : "\(fault.code)"
    }
  }

  private let four = ["a": "1234", "b": "1234", "c": "1234", "d/e": "1234"]

  @Test("a release of more files than the limit is refused, also where it grows on one that passed")
  func files() throws {
    #expect(try refusal(of: four, ContentLimits(files: 4)) == nil)
    #expect(try refusal(of: four, ContentLimits(files: 3))?.contains("more than 3 files") == true)
    #expect(try refusal(of: four, after: ["x": "1"], ContentLimits(files: 3))?.contains("more than 3 files") == true)
  }

  @Test("a release of more bytes than the limit is refused, also where it grows on one that passed")
  func totalBytes() throws {
    #expect(try refusal(of: four, ContentLimits(totalBytes: 16)) == nil)
    let said = "more than 15 bytes together"
    #expect(try refusal(of: four, ContentLimits(totalBytes: 15))?.contains(said) == true)
    #expect(try refusal(of: four, after: ["x": "1"], ContentLimits(totalBytes: 15))?.contains(said) == true)
  }

  @Test("a file over the limit, or deeper than the limit, is refused by its path")
  func file() throws {
    #expect(try refusal(of: four, ContentLimits(fileBytes: 3))?.contains("a: a file of 4 bytes") == true)
    #expect(try refusal(of: ["a/b/c": "1"], ContentLimits(depth: 2))?.contains("deeper than 2 folders") == true)
  }

  @Test("an HTTP gate reads an answer without an end no further than the limit")
  func answer() async throws {
    let detail = try await Server.flood.running { port in
      let check = GateConfiguration.Check.http(url: "http://127.0.0.1:\(port)/", status: 200, contains: "ready")
      return try await NetworkProbe(root: nil).probe(
        GateConfiguration(name: "gate", check: check), within: .seconds(50))
    }
    #expect(detail?.contains("the first \(NetworkProbe.bodyBytes) bytes of the answer") == true, "\(detail ?? "nil")")
  }
}
