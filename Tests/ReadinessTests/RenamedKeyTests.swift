import Migrations
import Testing

@testable import Readiness

/// A key that goes while another comes with its value, and who reads it.
@Suite struct RenamedKeyTests {
  private static let old = "database:\n  poolSize: 32\n", new = "database:\n  maxConnections: 32\n"

  private func rules(
    _ head: String = new, running: [String: String] = [:], earlier: [String: String] = [:],
    declared: [String: Bool] = [:]
  ) -> [Rule] {
    func application(_ label: String, _ files: [String: String]) -> Change.Application {
      Change.Application(
        label: label, files: files.map { MigrationFile(path: $0.key, text: Array($0.value.utf8)) })
    }
    let file = Change.File(path: "app/settings.yaml", base: Array(Self.old.utf8), head: Array(head.utf8))
    let isKnown = !(running.isEmpty && earlier.isEmpty)
    return Change(
      files: [file],
      applications: isKnown ? [application("the release before", running), application("commit 1", earlier)] : [],
      declared: declared
    ).findings().map(\.rule)
  }

  @Test func `Where nobody says who reads it, it is found`() {
    #expect(rules() == [.keyRenamed])
    // A configuration that names it is no code that reads it.
    #expect(rules(running: ["other.yaml": "poolSize: 1"], earlier: ["other.yaml": "poolSize: 1"]) == [.keyRenamed])
  }

  @Test func `Code that reads the old name alone needs it, and code that reads both has a fallback`() {
    let reads = ["app.py": "pool = config['poolSize']"]
    let both = ["app.py": "pool = config.get('maxConnections') or config['poolSize']"]
    let readsNew = ["app.py": "pool = config['maxConnections']"]
    #expect(rules(running: reads) == [.keyRenamed])
    #expect(rules(running: both) == [])
    #expect(rules(running: readsNew, earlier: reads) == [])
    // Where no code was ever seen to read it, it may be read where nobody looks.
    #expect(rules(running: readsNew, earlier: readsNew) == [.keyRenamed])
  }

  @Test func `A declaration above the new key holds when its commit is in what runs`() {
    let commit = String(repeating: "a", count: 40)
    let head = "database:\n  # mooring: unused since \(commit)\n  maxConnections: 32\n"
    #expect(rules(head, declared: [commit: true]) == [])
    #expect(rules(head, declared: [commit: false]) == [.keyRenamed])
    #expect(rules(head) == [.keyRenamed])
  }

  @Test func `Another value, another place, or both names beside each other are no renaming`() {
    #expect(rules("database:\n  maxConnections: 64\n") == [])
    #expect(rules("cache:\n  maxConnections: 32\n") == [])
    #expect(rules("database:\n  poolSize: 32\n  maxConnections: 32\n") == [])
  }
}
