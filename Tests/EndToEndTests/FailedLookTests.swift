import Foundation
import MooringTestSupport
import Testing

@Suite(.inTurn) struct FailedLookTests {
  @Test("what could not be looked at when it changed is looked at again, and told") func isLookedAtAgain() async throws
  {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try machine.configure(environment: ["drift: { settle: 50ms }"])
    let key = machine.state + "/fingerprint.key"
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "verified")
      try await machine.until("the watcher looks") { FileManager.default.fileExists(atPath: key) }
      try FileManager.default.removeItem(atPath: key)
      try FileManager.default.createDirectory(atPath: key, withIntermediateDirectories: false)
      try "a: 2\n".write(toFile: machine.root + "/current/app.yaml", atomically: false, encoding: .utf8)
      try await watcher.lines.line(containing: "production can't be looked at")
      try FileManager.default.removeItem(atPath: key)
      try await watcher.lines.line(containing: "drift: current/app.yaml a: 1 → 2")
    }
  }
}
