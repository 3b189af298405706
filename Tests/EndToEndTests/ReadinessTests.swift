import Foundation
import MooringTestSupport
import Testing

/// `mooring readiness` and the watcher that keeps its answer current, against Debian's `docker-registry`.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: Registry.program)), .inTurn, .timeLimit(.minutes(30)))
struct ReadinessTests {
  private static func app(_ registry: Registry, _ tag: String) -> String {
    "apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [ { name: web, image: \"\(registry.host)/web:\(tag)\" } ] }\n"
  }

  @Test func `The watcher tells through a channel when the answer turns red, and once`() async throws {
    try await Registry.running { registry in
      let first = try await registry.push("web", tag: "1-3f9c2d1", "{\"a\": 1}")
      _ = try await registry.push("web", tag: "2-3f9c2d2", "{\"a\": 2}")
      let machine = try Machine(["app.yaml": Self.app(registry, "1-3f9c2d1")])
      let told = machine.folder["told"]
      try machine.configure(
        others: """
          registries: { "\(registry.host)": { allowHTTP: true } }
          readiness: { every: 10s, rules: { never-rehearsed: off } }
          notifications: [ { command: [/bin/sh, -c, "cat >>\(told); echo >>\(told)"], on: [failure] } ]
          """)
      func telling() throws -> [String] {
        guard machine.exists("told") else { return [] }
        return try machine.folder.read("told").split(separator: "\n").map(String.init)
      }
      try await machine.watching { watcher in
        func recorded() async throws -> Int {
          try await machine.story().split(separator: "recorded what 1 image").count - 1
        }
        try await machine.until("the first release's image") { try await recorded() == 1 }
        try machine.push(["app.yaml": Self.app(registry, "2-3f9c2d2")], "Two")
        try await machine.until("the second's") { try await recorded() == 2 }
        let ready = try await machine.mooring("readiness", "production").expect(0)
        #expect(ready.output.contains("production: can roll back to v1"), "\(ready)")
        try await registry.delete("web", digest: first)
        let gone = try await machine.mooring("readiness", "production", "--output", "json").expect(2)
        let answer = try #require(try gone.json()["answer"] as? String)
        #expect(answer.contains("v1 can't: image \(registry.host)/web:1-3f9c2d1 is gone"), "\(answer)")
        try await machine.until("the alert") { try !telling().isEmpty }
        let alert = try #require(try telling().first)
        #expect(
          alert.contains("not ready to go back: production: can't roll back") && alert.contains("is gone"), "\(alert)")
        // All is well again, which is written down and told to nobody; and another time is told again.
        _ = try await registry.push("web", tag: "1-3f9c2d1", "{\"a\": 1}")
        try await machine.until("that it is ready") { try await machine.story().contains("ready to go back again: ") }
        _ = try await registry.push("web", tag: "1-3f9c2d1", "{\"a\": 3}")
        try await machine.until("the second alert") { try telling().count > 1 }
        let moved = try #require(try telling().last)
        #expect(moved.contains("web:1-3f9c2d1 is sha256:"), "\(moved)")
      }
      #expect(try telling().count == 2)
    }
  }

  @Test func `A release that waits for a drill is in the status`() async throws {
    let machine = try Machine()
    try machine.configure(
      environment: ["requireDrill: staging"], others: machine.environment("staging", path: "staging", ["drills: true"]))
    for text in ["one", "two"] {
      try machine.author.commit(text, files: ["app/a": text, "staging/a": text])
      try machine.publish()
      // It deploys what it may, and drills nothing: a drill is a person's, or a watcher's that goes on.
      try await machine.mooring("run", "--once").expect(1)
    }
    let status = try await machine.status()
    let waiting = try #require(status["waiting"] as? [String: Any])
    #expect(waiting["on"] as? String == "drill" && waiting["release"] as? String == "v2", "\(status)")
    #expect((waiting["reason"] as? String)?.contains("waits for a drill in staging") == true)
    let text = try await machine.mooring("status", "production")
    #expect(text.output.contains("  waiting: v2 waits for a drill in staging: none has succeeded yet"), "\(text)")
    try await machine.mooring("drill", "staging").expect(0)
    let drilled = try await machine.status()
    #expect(drilled["waiting"] == nil)
    try await machine.mooring("run", "--once").expect(0)
  }
}
