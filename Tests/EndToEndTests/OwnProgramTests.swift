import Foundation
import MooringTestSupport
import Testing

/// What the operator's programs write while Mooring runs them is no drift, whoever watches; what others write is.
@Suite(.inTurn) struct OwnProgramTests {
  /// A host on which `reload` and a gate write below the root: into a file of the release, and beside it.
  private func machine(_ host: [String] = []) throws -> Machine {
    let machine = try Machine(["app.yaml": "size: 1\n", "cache/index": "empty\n"])
    let root = host.isEmpty ? machine.root + "/current" : machine.root
    let reloading = "echo built >>\(root)/cache/index; date >\(root)/cache/reloaded"
    try machine.folder.write("#!/bin/sh\n\(reloading)\n", to: "reload")
    try machine.folder.write("#!/bin/sh\ndate >\(root)/cache/checked\n", to: "gate")
    let reload = "reload: [/bin/sh, \(machine.folder["reload"])]"
    let gate = "gates: [ { command: { run: [/bin/sh, \(machine.folder["gate"])] } } ]"
    try machine.configure(host: host + [reload], environment: [gate])
    return machine
  }

  @Test(arguments: [[], ["layout: inPlace"]])
  func whatProgramsOfADeploymentWriteIsNoDrift(host: [String]) async throws {
    let machine = try machine(host)
    let prefix = host.isEmpty ? "current/" : ""
    #expect(try await machine.mooring(["sync", "production"]).status == 0)
    let shown = try await machine.mooring(["drift", "production"])
    #expect(shown.status == 0, "\(shown)")
    for name in ["index", "reloaded", "checked"] {
      #expect(shown.output.contains("= \(prefix)cache/\(name) was written by a program"), "\(shown)")
    }
    let why = try await machine.mooring(["drift", "production", "--explain", "cache/index"])
    #expect(why.output.contains("written while a program ran"), "\(why)")
    // Nor does it stand in the way of the next release.
    try machine.push(["app.yaml": "size: 2\n"])
    let second = try await machine.mooring(["sync", "production"])
    #expect(second.status == 0, "\(second)")
    #expect(try await machine.mooring(["drift", "production"]).status == 0)
    // What is written when none of them runs is somebody's.
    let index = (host.isEmpty ? machine.root + "/current" : machine.root) + "/cache/index"
    try "by hand\n".write(toFile: index, atomically: false, encoding: .utf8)
    let drift = try await machine.mooring(["drift", "production"])
    #expect(drift.status == 2 && drift.output.contains("~ \(prefix)cache/index"), "\(drift)")
  }

  @Test func aWatcherSaysNothingOfThem() async throws {
    let machine = try machine(["layout: inPlace"])
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "verified")
      try machine.push(["app.yaml": "size: 2\n"])
      try await machine.until("its gate") {
        try await machine.mooring(["status"]).output.contains("v2, synced, healthy")
      }
      try "by hand\n".write(toFile: machine.root + "/cache/index", atomically: false, encoding: .utf8)
      try await watcher.lines.line(containing: "drift: cache/index")
    }
    let story = try await machine.story()
    #expect(story.components(separatedBy: "drift: ").count == 2, "only what was done by hand is told: \(story)")
    let status = try await machine.mooring(["status"])
    #expect(status.status == 2 && status.output.contains("drift: cache/index"), "\(status)")
  }
}
