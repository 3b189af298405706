import Foundation
import Git
import MooringModel
import MooringTestSupport
import Readiness
import Testing

@testable import Mooring

/// A change is checked in a plain clone, without anything that Mooring keeps.
@Suite struct ChangeCheckTests {
  private let fixture: GitFixture

  init() throws { fixture = try GitFixture() }

  private func configuration(_ readiness: String = "{}", render: String = "plain") throws -> Mooring.Configuration {
    let text = """
      repositories: { config: { url: /srv/git } }
      environments:
        production:
          repository: config
          path: app
          render: \(render)
          target: { host: { root: /srv/app } }
          readiness: { code: [code] }
      readiness: \(readiness)
      """
    return try ConfigurationFile.parse(Array(text.utf8), path: "/etc/mooring/mooring.yaml")
  }

  private func findings(
    _ configuration: Mooring.Configuration, from base: ObjectID?, to head: ObjectID, on branch: ObjectID? = nil
  ) async throws -> [Finding] {
    let check = ChangeCheck(configuration, clone: try WorkingClone(around: fixture.path))
    return try await check.results(of: "config", from: base, to: head, on: branch).flatMap(\.findings)
  }

  private static let orders: [String: String?] = [
    "migrations/1_orders.up.sql": "CREATE TABLE orders (id int, note text);", "migrations/1_orders.down.sql": "",
    "app/app.yaml": "a: 1\n", "code/app.py": "run('select id, note from orders')\n",
  ]
  private static let drop: [String: String?] = [
    "migrations/2_drop.up.sql": "ALTER TABLE orders DROP COLUMN note;", "migrations/2_drop.down.sql": "",
  ]

  @Test func `A column is dropped in order once the release that runs no longer reads it`() async throws {
    let base = try fixture.commit("Orders", files: Self.orders)
    let configuration = try configuration("{ migrations: [migrations] }")
    let early = try fixture.commit("Drop it", files: Self.drop)
    #expect(try await findings(configuration, from: base, to: early).map(\.rule) == [.columnDropped])
    try fixture.git("reset", "--quiet", "--hard", base.hex)
    let reader = try fixture.commit("Read it no more", files: ["code/app.py": "run('select id from orders')\n"])
    let late = try fixture.commit("Drop it", files: Self.drop)
    #expect(try await findings(configuration, from: reader, to: late) == [])
  }

  @Test func `A declaration holds when its commit is in what runs`() async throws {
    var files = Self.orders
    files["code/app.py"] = "print(1)\n"
    let base = try fixture.commit("Orders", files: files)
    let configuration = try configuration("{ migrations: [migrations] }")
    var drop = Self.drop
    drop["migrations/2_drop.up.sql"] = "-- mooring: unused since \(base.hex)\nALTER TABLE orders DROP COLUMN note;"
    let head = try fixture.commit("Drop it", files: drop)
    #expect(try await findings(configuration, from: base, to: head) == [])
    drop["migrations/2_drop.up.sql"] = "-- mooring: unused since \(head.hex)\nALTER TABLE orders DROP COLUMN note;"
    let later = try fixture.commit("Drop it", files: drop)
    #expect(try await findings(configuration, from: base, to: later).map(\.rule) == [.columnDropped])
  }

  @Test func `Rules are set and findings waived by the configuration`() async throws {
    let base = try fixture.commit("Start", files: ["app/app.yaml": "a: 1\n"])
    let head = try fixture.commit("Image", files: ["app/app.yaml": "services: { web: { image: \"shop:1.2\" } }\n"])
    #expect(try await findings(configuration(), from: base, to: head).map(\.counts) == [false])
    #expect(
      try await findings(configuration("{ rules: { image-mutable: error } }"), from: base, to: head).map(\.counts) == [
        true
      ])
    let waived =
      "{ rules: { image-mutable: error }, waive: [{ rule: image-mutable, where: app/*, reason: x, until: 2999-01-01 }] }"
    #expect(try await findings(configuration(waived), from: base, to: head).map(\.counts) == [false])
    #expect(try await findings(configuration("{ rules: { image-mutable: off } }"), from: base, to: head) == [])
  }

  @Test func `A change is undone in memory as a rollback of commits is`() async throws {
    let start = "name: web\npool: 8\nlimit: 1\n"
    let base = try fixture.commit("Start", files: ["app/app.yaml": .some(start)])
    let head = try fixture.commit("Pool", files: ["app/app.yaml": "name: web\npool: 16\nlimit: 1\n"])
    // The next line: Git alone would stop, and no field is in the way.
    let beside = try fixture.commit("Limit", files: ["app/app.yaml": "name: web\npool: 16\nlimit: 2\n"])
    #expect(try await findings(configuration(), from: base, to: head, on: beside) == [])
    let again = try fixture.commit("Pool again", files: ["app/app.yaml": "name: web\npool: 32\nlimit: 2\n"])
    let found = try await findings(configuration(), from: base, to: head, on: again)
    #expect(found.map(\.rule) == [.revertConflicts])
    #expect(found.first?.place == Place(file: "app/app.yaml", field: "pool"))
    // The same of a change that isn't merged yet.
    try fixture.git("checkout", "--quiet", "-b", "other", base.hex)
    let other = try fixture.commit("Other", files: ["app/app.yaml": "name: web\npool: 64\nlimit: 1\n"])
    #expect(try await findings(configuration(), from: base, to: other, on: head).map(\.rule) == [.revertConflicts])
    #expect(try await findings(configuration(), from: base, to: other, on: base) == [])
  }

  @Test func `What a program renders is judged as it is rendered, and nothing is written to the clone`() async throws {
    let script = "{ command: [/bin/sh, app/render, \"{output}\"] }"
    let render = """
      #!/bin/sh
      cat >"$1/shop.yaml" <<END
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: shop }
      spec:
        selector: { matchLabels: { app: $(cat app/name) } }
        template: { spec: { containers: [ { name: web, image: "registry.example/shop:$(cat app/tag)" } ] } }
      END
      """
    let configuration = try configuration(render: script)
    let base = try fixture.commit(
      "Start", files: ["app/render": .some(render), "app/name": "shop", "app/tag": "1-3f9c2d1"])
    let objects = try fixture.git("count-objects", "-v")
    let moving = try fixture.commit("Latest", files: ["app/tag": "latest"])
    let found = try await findings(configuration, from: base, to: moving)
    #expect(found.map(\.rule) == [.imageLatest], "\(found)")
    #expect(found.first?.place.isRendered == true && found.first?.place.file == "shop.yaml")
    let selector = try fixture.commit("Selector", files: ["app/tag": "1-3f9c2d1", "app/name": "store"])
    #expect(try await findings(configuration, from: base, to: selector).map(\.rule) == [.fieldImmutable])
    let gone = try fixture.commit("No tag", files: ["app/render": "#!/bin/sh\ncat app/missing\n"])
    #expect(try await findings(configuration, from: base, to: gone).map(\.rule) == [.inputsUnresolved])
    // Three commits of three objects or four; what was rendered isn't among them.
    #expect(try fixture.git("fsck", "--unreachable", "--no-progress").isEmpty, "\(objects)")
  }

  @Test func `Where the renderer's program isn't there, that is said, and files are judged as they are`() async throws {
    let configuration = try configuration(render: "{ command: [/nonexistent/renderer] }")
    let base = try fixture.commit("Start", files: ["app/a": "1"])
    let head = try fixture.commit("Image", files: ["app/app.yaml": "services: { web: { image: shop } }\n"])
    #expect(try await findings(configuration, from: base, to: head).map(\.rule) == [.imageLatest, .renderingUnknown])
  }

  @Test func `What isn't merged yet has no network, also where the renderer may have it`() async throws {
    let render = "{ command: [/bin/sh, app/render, \"{output}\"], network: allow }"
    let script = "#!/bin/sh\nls /sys/class/net | grep -qv lo && exit 9\ncp app/name $1/name\n"
    let reaching = "#!/bin/sh\n[ \"$(wc -l </proc/net/route)\" -le 1 ] || exit 9\ncp app/name $1/name\n"
    let base = try fixture.commit("Start", files: ["app/render": .some(script), "app/name": "a"])
    let head = try fixture.commit("Reach out", files: ["app/render": .some(reaching)])
    #expect(try await findings(configuration(render: render), from: base, to: head) == [])
  }

  @Test func `A backup is asked for before something is destroyed, also where nothing needs it any more`() async throws
  {
    var files = Self.orders
    files["code/app.py"] = "print(1)\n"
    let base = try fixture.commit("Orders", files: files)
    var drop = Self.drop
    drop["migrations/2_drop.up.sql"] = "-- mooring: unused since \(base.hex)\nALTER TABLE orders DROP COLUMN note;"
    let head = try fixture.commit("Drop it", files: drop)
    let stamp = fixture.path + "/stamp"
    let configuration = try configuration("{ migrations: [migrations], backup: { file: \(stamp), within: 1h } }")
    #expect(try await findings(configuration, from: base, to: head).map(\.rule) == [.backupMissing])
    try Data().write(to: URL(filePath: stamp))
    #expect(try await findings(configuration, from: base, to: head) == [])
  }

  @Test(arguments: [
    "{ rules: { image-mutble: error } }", "{ waive: [{ rule: image-latest, reason: x }] }",
    "{ waive: [{ rule: image-latest, reason: x, until: tomorrow }] }", "{ retain: 0 }", "{ migrations: [../x] }",
  ])
  func `What is wrong with it is said`(_ readiness: String) {
    #expect(throws: ConfigurationFile.Problems.self) { try configuration(readiness) }
  }

  @Test func `Commits are named by all their digits or by a reference, and in no other way`() throws {
    let first = try fixture.commit("Start", files: ["app/a": "1"])
    let second = try fixture.commit("More", files: ["app/a": "2"])
    let clone = try WorkingClone(around: fixture.path)
    #expect(try clone.commit(named: "HEAD") == second)
    #expect(try clone.commit(named: "main") == second)
    #expect(try clone.commit(named: "refs/heads/main") == second)
    #expect(try clone.commit(named: first.hex) == first)
    for name in ["HEAD~1", "main^", ":/Start", "@{-1}", String(first.hex.prefix(8)), "--all", "", "nothing"] {
      #expect(throws: Fault.self, "\(name)") { try clone.commit(named: name) }
    }
    #expect(try clone.base(of: second, branch: "main") == first)
  }

  @Test func `Outside of a clone it says so`() throws {
    let fault = #expect(throws: Fault.self) { try WorkingClone(around: "/proc") }
    #expect(fault?.code == .repository)
  }
}
