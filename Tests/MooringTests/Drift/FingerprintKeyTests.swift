import MooringTestSupport
import Testing

@testable import Mooring

@Suite(.inTurn) struct FingerprintKeyTests {
  @Test("is made once, also where environments need it at the same moment") func isMadeOnce() async throws {
    for _ in 0..<20 {
      let folder = try TemporaryFolder()
      let state = try StateDirectory(path: folder["state"])
      let marks = try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<16 { group.addTask { try FingerprintKey(in: state).fingerprint(of: ["a"]) } }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      #expect(marks.count == 1)
      #expect(try folder.names("state").filter { $0.hasPrefix("fingerprint") } == ["fingerprint.key"])
    }
  }
}
