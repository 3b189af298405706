import Foundation
import MooringTestSupport
import Testing

/// What production had, at any moment, in any part; and how it differs.
@Suite("What was in production", .inTurn) struct PastTests {
  static let manifest = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: checkout, namespace: shop }
    spec: { replicas: 2 }
    ---
    apiVersion: v1
    kind: Secret
    metadata: { name: db, namespace: shop }
    stringData: { dsn: hunter2 }

    """

  static let certificate = """
    apiVersion: cert-manager.io/v1
    kind: Certificate
    metadata: { name: web, namespace: shop }
    spec: { days: 90 }

    """

  private func machine() async throws -> Machine {
    let machine = try Machine([
      "app.yaml": "port: 8080\npool: { size: 4 }\napi_token: abc-hunter2\n", "shop/all.yaml": Self.manifest,
    ])
    #expect(try await machine.mooring("sync", "production").status == 0)
    return machine
  }

  @Test("a moment is answered by what was deployed then, not by what the branch had")
  func momentsAreThoseOfProduction() async throws {
    let machine = try await machine()
    let first = try #require(try await machine.status()["release"] as? [String: Any])["since"] as? String ?? ""
    try machine.push(["app.yaml": "port: 9090\n"], "On the branch, and not deployed")
    #expect(try await machine.mooring("sync", "production").status == 0)
    // It was released then, and deployed after it.
    let log = try await machine.mooring("log", "production", "--kind", "release", "--output", "json").json()
    let between = try #require((log["events"] as? [[String: Any]])?.first?["time"] as? String)
    #expect(try await machine.mooring("show", "production@\(first)", "app.yaml", "port").output == "8080")
    #expect(try await machine.mooring("show", "production@\(between)", "app.yaml", "port").output == "8080")
    #expect(try await machine.mooring("show", "production", "app.yaml", "port").output == "9090")
    let early = try await machine.mooring("show", "production@2001-01-01T00:00:00Z")
    #expect(early.status == 1 && early.errors.contains("its history begins at 20"), "\(early)")
  }

  @Test(
    "a resource and its fields are found by name, without values of secrets, whether history is indexed or not",
    arguments: [false, true])
  func resourcesAndFields(_ isIndexed: Bool) async throws {
    let machine = try await machine()
    if isIndexed { #expect(try await machine.mooring("index", "update").output.hasPrefix("read 1 commits")) }
    #expect(try await machine.mooring("show", "production", "deployment/shop/checkout", "spec.replicas").output == "2")
    #expect(try await machine.mooring("show", "production", "Deployment/checkout", "spec.replicas").output == "2")
    #expect(try await machine.mooring("show", "production", "app.yaml", "pool.size").output == "4")
    for arguments in [["Secret/shop/db"], ["Secret/shop/db", "stringData.dsn"], ["app.yaml"], ["shop/all.yaml"]] {
      let answer = try await machine.mooring(["show", "production"] + arguments)
      #expect(answer.status == 0 && answer.output.contains("(secret)"), "\(arguments) \(answer)")
      #expect(!answer.description.contains("hunter2"), "\(arguments) \(answer)")
    }
    #expect(
      try await machine.mooring("show", "production", "app.yaml", "--with-secrets").output.contains("abc-hunter2"))
    let json = try await machine.mooring("show", "production", "deployment/shop/checkout", "--output", "json").json()
    #expect(json["resource"] as? String == "Deployment/shop/checkout" && json["path"] as? String == "shop/all.yaml")
    let wrong = try await machine.mooring("show", "production", "deployment/shop/chekout")
    #expect(wrong.status == 1 && wrong.errors.contains("did you mean Deployment/shop/checkout?"), "\(wrong)")
    let field = try await machine.mooring("show", "production", "app.yaml", "pool.siez")
    #expect(field.status == 1 && field.errors.contains("did you mean pool.size?"), "\(field)")
  }

  @Test("a resource is found by the name that history has for it, and of two with one name it is asked which is meant")
  func groups() async throws {
    let machine = try await machine()
    try machine.push([
      "a.yaml": Self.certificate, "b.yaml": Self.certificate.replacing("cert-manager.io", with: "example.com"),
    ])
    #expect(try await machine.mooring("sync", "production").status == 0)
    func days(_ name: String) async throws -> Machine.Answer {
      try await machine.mooring("show", "production", name, "spec.days")
    }
    for name in ["certificate.cert-manager.io/shop/web", "Certificate.example.com/web"] {
      #expect(try await days(name).output == "90", "\(name)")
    }
    let both = try await days("certificate/shop/web")
    #expect(both.status == 64 && both.errors.contains("certificate.cert-manager.io/shop/web or"), "\(both)")
    let day = try await machine.mooring("show", "production@2001-01-01")
    #expect(day.status == 1 && day.errors.contains("had deployed nothing at 2001-01-01T00:00:00"), "\(day)")
  }

  @Test("a resource that moved, or stands twice, is shown as each release has it")
  func movedResources() async throws {
    let machine = try await machine()
    let other = """
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: checkout, namespace: other }
      spec: { replicas: 7 }

      """
    try machine.push(["shop/all.yaml": nil, "moved.yaml": Self.manifest.replacing("replicas: 2", with: "replicas: 3")])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.push(["other.yaml": other])
    #expect(try await machine.mooring("sync", "production").status == 0)
    for isIndexed in [false, true] {
      if isIndexed { #expect(try await machine.mooring("index", "update").status == 0) }
      func replicas(_ release: String, _ name: String) async throws -> String {
        let answer = try await machine.mooring("show", "production@\(release)", name, "spec.replicas")
        return answer.status == 0 ? answer.output : answer.errors
      }
      #expect(try await replicas("v1", "deployment/checkout") == "2")
      #expect(try await replicas("v2", "deployment/checkout") == "3")
      #expect(try await replicas("v3", "deployment/checkout").contains("may be Deployment/other/checkout or"))
      #expect(try await replicas("v3", "deployment/other/checkout") == "7")
      #expect(try await replicas("v1", "deployment/other/checkout").contains("no resource of that name"))
    }
  }

  @Test("a release is written out whole, over nothing that is there, and without links that lead out")
  func trees() async throws {
    let machine = try await machine()
    let folder = machine.folder["out"]
    let answer = try await machine.mooring("show", "production", "--tree", folder)
    #expect(answer.status == 0 && answer.output == "production v1: 2 files in \(folder)", "\(answer)")
    #expect(try machine.folder.read("out/shop/all.yaml") == Self.manifest)
    let again = try await machine.mooring("show", "production", "--tree", folder)
    #expect(again.status == 1 && again.errors.contains("there is something"), "\(again)")
    #expect(try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions] as? Int == 0o700)
    #expect(
      try FileManager.default.attributesOfItem(atPath: folder + "/app.yaml")[.posixPermissions] as? Int == 0o600,
      "values of secrets are in it")
    try FileManager.default.createDirectory(atPath: machine.folder["empty"], withIntermediateDirectories: false)
    for name in ["empty/", "other/./"] {
      let written = try await machine.mooring("show", "production", "--tree", machine.folder[name])
      #expect(written.status == 0, "\(written)")
    }
    #expect(try machine.folder.read("empty/shop/all.yaml") == Self.manifest)
    let here = try await machine.mooring("show", "production", "--tree", ".")
    #expect(here.status == 64 && here.errors.contains("can't be put in the place of"), "\(here)")
    try machine.folder.write("mine", to: "file")
    #expect(try await machine.mooring("show", "production", "--tree", machine.folder["file"]).status == 1)
    #expect(try machine.folder.read("file") == "mine")
  }

  @Test("a resource that stands in another file is the same, and is told to have moved, with what changed in it")
  func movedInDifferences() async throws {
    let machine = try await machine()
    try machine.push([
      "shop/all.yaml": nil, "moved.yaml": Self.manifest.replacing("replicas: 2", with: "replicas: 3"),
      "staging-like/more.yaml": Self.certificate,
    ])
    #expect(try await machine.mooring("sync", "production").status == 0)
    let fields = try await machine.mooring("diff", "production", "v1", "v2")
    #expect(
      fields.output == """
        ~ moved.yaml
            Deployment/shop/checkout: moved from shop/all.yaml
            Deployment/shop/checkout: spec.replicas: 2 → 3
            Secret/shop/db: moved from shop/all.yaml
        + staging-like/more.yaml
        """, "\(fields)")
    let resources = try await machine.mooring("diff", "production", "v1", "v2", "--by", "resource")
    #expect(
      resources.output.hasPrefix("~ Deployment/shop/checkout (moved.yaml), moved from shop/all.yaml, 1 field\n"),
      "\(resources)")
    #expect(!fields.description.contains("hunter2"))
  }

  @Test("releases are compared by field, by resource and as text, within an environment and between two")
  func differences() async throws {
    let machine = try await machine()
    try machine.author.commit("Staging", files: ["staging/app.yaml": "port: 8080\npool: { size: 9 }\n"])
    try machine.push(
      ["app.yaml": "port: 9090\npool: { size: 4 }\napi_token: other-hunter2\n", "new.txt": "x\n"], "Move")
    try machine.configure(others: machine.environment("staging", path: "staging"))
    for name in ["production", "staging"] { #expect(try await machine.mooring("sync", name).status == 0) }

    let fields = try await machine.mooring("diff", "production", "v1", "v2")
    #expect(fields.status == 2)
    #expect(fields.output == "~ app.yaml\n    port: 8080 → 9090\n    ~ api_token: (secret)\n+ new.txt", "\(fields)")
    let resources = try await machine.mooring("diff", "production", "v1", "v2", "--by", "resource")
    #expect(resources.status == 2 && resources.output == "~ app.yaml, 2 fields\n+ new.txt", "\(resources)")
    let text = try await machine.mooring("diff", "production", "v1", "v2", "--unified")
    #expect(text.output.contains("--- a/app.yaml\n+++ b/app.yaml\n@@ -1,3 +1,3 @@\n-port: 8080\n"), "\(text)")
    #expect(text.output.contains("--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1,1 @@\n+x"), "\(text)")
    #expect(!text.output.contains("hunter2") && !fields.output.contains("hunter2"))

    let between = try await machine.mooring("diff", "staging..production", "--output", "json")
    #expect(between.status == 2)
    let json = try between.json()
    #expect(json["environment"] as? String == "staging" && json["toEnvironment"] as? String == "production")
    let changes = try #require(json["changes"] as? [[String: Any]])
    #expect(changes.contains { $0["field"] as? String == "pool.size" && $0["old"] as? String == "9" }, "\(between)")
    #expect(try await machine.mooring("diff", "production@v1..production@v1").status == 0)
    let wrong = try await machine.mooring("diff", "production", "v1")
    #expect(wrong.status == 64 && wrong.errors.contains("FROM and TO are missing"), "\(wrong)")
  }

  @Test("the story is asked for by kind, author, resource, field, time, outcome and text, page by page")
  func stories() async throws {
    let machine = try await machine()
    try machine.push(["app.yaml": "port: 9090\npool: { size: 4 }\n"], "Move the port")
    #expect(try await machine.mooring("sync", "production").status == 0)
    #expect(try await machine.mooring("note", "production", "load test at noon").status == 0)
    func log(_ arguments: String...) async throws -> [String] {
      let answer = try await machine.mooring(["log", "production", "--output", "json"] + arguments)
      return (try answer.json()["events"] as? [[String: Any]] ?? []).compactMap { $0["kind"] as? String }
    }
    #expect(try await log("--kind", "release") == ["release", "release"])
    #expect(
      try await log("--kind", "deployment", "--outcome", "verified") == ["deployment.finished", "deployment.finished"])
    #expect(try await log("--author", "lovelace") == ["release", "release"])
    #expect(try await log("--text", "LOAD test") == ["note"])
    #expect(try await log("--resource", "app.yaml", "--field", "port") == ["deployment.started", "release"])
    #expect(try await log("--resource", "app.yaml", "--field", "pool") == [])
    #expect(
      try await log("--resource", "Deployment/shop/checkout", "--field", "spec.replicas") == [],
      "it came with the first")
    try machine.push(["more.yaml": Self.certificate])
    #expect(try await machine.mooring("sync", "production").status == 0)
    for name in ["Certificate/shop/web", "certificate.cert-manager.io/shop/web"] {
      #expect(
        try await log("--resource", name, "--field", "spec.days") == ["deployment.started", "release"],
        "what came whole")
    }
    #expect(try await log("--resource", "Certificate/shop/web", "--field", "spec.hours") == [])
    #expect(try await log("--until", "2020-01-01") == [])
    #expect(try await log("--since", "2020-01-01", "--limit", "2").count == 2)

    let first = try await machine.mooring("log", "production", "--limit", "2")
    #expect(first.errors.contains("there is more: --after 01"), "\(first)")
    var seen: [String] = []
    var next: String?
    repeat {
      let page = try await machine.mooring(
        ["log", "production", "--limit", "3", "--output", "json"] + (next.map { ["--after", $0] } ?? [])
      ).json()
      seen += (page["events"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
      next = page["next"] as? String
    } while next != nil
    let all = try await machine.mooring("log", "production", "--limit", "0", "--output", "json").json()
    #expect(seen == (all["events"] as? [[String: Any]])?.compactMap { $0["id"] as? String })
    let wrong = try await machine.mooring("log", "production", "--kind", "relaese")
    #expect(wrong.status == 64 && wrong.errors.contains("did you mean release?"), "\(wrong)")
    let cursor = try await machine.mooring("log", "production", "--after", "01KDVDNA01S0M3RAND0MB1TSXX")
    #expect(cursor.status == 64 && cursor.errors.contains("has no event"), "\(cursor)")
  }
}
