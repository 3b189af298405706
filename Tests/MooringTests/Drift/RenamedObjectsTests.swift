import MooringModel
import Testing

@testable import Mooring

@Suite struct RenamedObjectsTests {
  private func name(_ path: String) -> ObjectName { ObjectName(path: path.utf8) }

  private func look(_ deployed: [String: String], _ change: (Site) throws -> Void) async throws -> [DriftReport.Item] {
    let site = try Site(Dictionary(uniqueKeysWithValues: deployed.map { ("app/\($0)", $1) }))
    let workspace = try await site.workspace()
    try await workspace.sync()
    try change(site)
    return try await workspace.context().drift().items
  }

  @Test("a file under another name is told as renamed, at both names") func renamed() async throws {
    let items = try await look(["a.txt": "one\n", "b.txt": "two\n"]) { site in
      try site.rename("a.txt", to: "c.txt")
    }
    try #require(items.map(\.object) == ["current/a.txt", "current/c.txt"])
    #expect(items[0].kind == "removed" && items[0].summary == "renamed to current/c.txt")
    #expect(items[1].kind == "added" && items[1].summary.hasPrefix("renamed from current/a.txt (file, 4 bytes"))
  }

  @Test("where several have the same content, or none, nobody knows which went where") func several() async throws {
    let items = try await look(["a.txt": "one\n", "b.txt": "one\n", "e": "", "k.txt": "key\n"]) { site in
      try site.rename("a.txt", to: "c.txt")
      try site.rename("b.txt", to: "d.txt")
      try site.rename("e", to: "f")
      try site.rename("k.txt", to: "l.txt")
      try site.put("l.txt", "another key\n")
    }
    #expect(items.count == 8 && items.allSatisfy { $0.renamed == nil }, "\(items.map(\.summary))")
  }
}
