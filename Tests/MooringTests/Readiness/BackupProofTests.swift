import MooringModel
import MooringTestSupport
import Readiness
import Testing

@testable import Mooring

/// What says when the last backup was made: a file, or a command.
@Suite struct BackupProofTests {
  private static let now = Timestamp(milliseconds: 1_767_225_600_000)

  private func problem(_ proof: BackupPolicy.Proof) async throws -> String? {
    try await BackupProof(policy: BackupPolicy(proof: proof, within: .seconds(3600)), now: Self.now).problem()
  }

  @Test(arguments: [
    ("2025-12-31T23:30:00Z", nil), ("2025-12-31T22:00:00Z", "longer ago than"), ("2026-01-01T00:01:00Z", nil),
    ("2026-01-02T00:00:00Z", "yet to come"),
  ])
  func `A file proves one that is recent, and none that is yet to come`(_ time: String, _ wanted: String?) async throws
  {
    let folder = try TemporaryFolder()
    try folder.write(time + "\nmore\n", to: "stamp")
    let file = try await problem(.file(folder["stamp"]))
    let command = try await problem(.command(["/bin/cat", folder["stamp"]]))
    for found in [file, command] {
      #expect(wanted.map { found?.contains($0) == true } ?? (found == nil), "\(found ?? "")")
    }
  }

  @Test func `What isn't there, or fails, proves nothing`() async throws {
    #expect(try await problem(.file("/nonexistent"))?.contains("isn't there") == true)
    #expect(try await problem(.command(["/bin/false"]))?.contains("failed") == true)
    #expect(try await problem(.command(["/bin/echo", "yesterday"]))?.contains("didn't say") == true)
  }
}
