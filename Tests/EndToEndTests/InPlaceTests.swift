import Foundation
import MooringTestSupport
import Testing

/// The layout in which files lie where they belong, through the built program.
@Suite(.inTurn) struct InPlaceTests {
  @Test func deploysPlansAndRollsBack() async throws {
    let machine = try Machine(["nginx/nginx.conf": "one", ".mooring-attributes": "*.conf mode=0640\n"])
    try machine.configure(host: ["layout: inPlace", "validate: [/usr/bin/test, -f, \"{root}/nginx/nginx.conf\"]"])
    try machine.folder.write("theirs", to: "root/nginx/mime.types")
    #expect(try await machine.mooring("run", "--once").status == 0)
    #expect(try machine.folder.read("root/nginx/nginx.conf") == "one")
    try machine.push(["nginx/nginx.conf": "two", "new/file": "x"])
    let plan = try await machine.mooring("plan", "production")
    #expect(plan.status == 2 || plan.status == 0, "\(plan)")
    #expect(try await machine.mooring("run", "--once").status == 0)
    #expect(try machine.folder.read("root/nginx/nginx.conf") == "two")
    #expect(try await machine.status()["sync"] as? String == "synced")

    try machine.folder.write("by hand", to: "root/nginx/nginx.conf")
    try machine.push(["nginx/nginx.conf": "three"])
    let stopped = try await machine.mooring("sync", "production")
    #expect(stopped.status != 0)
    #expect("\(stopped)".contains("production was changed by hand: nginx/nginx.conf 2 lines"), "\(stopped)")
    #expect(try machine.folder.read("root/nginx/nginx.conf") == "by hand")

    let back = try await machine.mooring("rollback", "production", "--to", "v1", "--reason", "bad", "--yes")
    #expect(back.status == 0, "\(back)")
    #expect(try machine.folder.read("root/nginx/nginx.conf") == "one")
    #expect(try machine.folder.names("root") == [".mooring", "nginx"])
    #expect(try machine.folder.names("root/nginx") == ["mime.types", "nginx.conf"])
    #expect(try await machine.status()["sync"] as? String == "synced")
    #expect(try machine.fsck() == "")
  }
}
