import Foundation
import Glibc
import MooringTestSupport
import Testing

/// Several watchers with one configuration, each with a state directory of its own, and nothing but the cluster between them.
@Suite(.inTurn, .timeLimit(.minutes(30))) struct ReplicaTests {
  private typealias Site = ClusterSite

  /// A value of `settings` is live.
  private func until(_ site: Site, has value: String) async throws {
    try await site.machine.until("\(value) is live", within: .seconds(60)) {
      try await site.live("configmap/settings", ".data.size") == value
    }
  }

  private func until(_ site: Site, isHeldBy state: String) async throws {
    try await site.machine.until("\(state) holds the Lease", within: .seconds(60)) {
      try await site.holder() == site.identity(state)
    }
  }

  @Test func oneOfTwoWorksAndTheOtherTakesOverFromTheKilledAndKnowsWhatItKnew() async throws {
    let site = try await Site(["settings.yaml": Site.map("1")], target: ["lease: { duration: 3s }"])
    let (machine, a, b) = (site.machine, site.machine.folder["a"], site.machine.folder["b"])
    try await machine.running(["run"], state: a) { first in
      try await first.lines.line(containing: "verified", within: .seconds(60))
      try await machine.running(["run"], state: b) { second in
        try await second.lines.line(containing: "is worked on by \(site.identity(a))")
        try machine.push(["settings.yaml": Site.map("2")])
        try await until(site, has: "2")
        try await machine.mooring(["rollback", "production", "--reason", "it is bad", "--yes"], state: a).expect(0)
        try await until(site, has: "1")
        try machine.pull()
        // Without a word to the other: what a command records is in the cluster when it has ended.
        try await machine.mooring(["hold", "production", "--reason", "freeze"], state: a).expect(0)
        let head = try machine.author.git(
          "--git-dir", a + "/repositories/config.git", "rev-parse", "refs/mooring/journal/production")
        #expect(!second.lines.all.contains { $0.contains("works on it") }, "\(second.lines.all)")
        let killed = ContinuousClock.now
        kill(first.process, SIGKILL)
        try await second.lines.line(containing: "works on it", within: .seconds(30))
        // The duration, and what a loaded machine takes.
        #expect(ContinuousClock.now - killed < .seconds(3) + .seconds(2))
        try machine.push(["settings.yaml": Site.map("4")])
        try await second.lines.line(containing: "v4 released", within: .seconds(30))
        let status = try await machine.mooring(["status", "production"], state: b)
        #expect(status.output.contains("held by") && status.output.contains("freeze"), "\(status)")
        #expect(status.output.contains("in quarantine: v2 (it is bad)"), "\(status)")
        try machine.author.git(
          "--git-dir", b + "/repositories/config.git", "merge-base", "--is-ancestor", head,
          "refs/mooring/journal/production")
        #expect(try await site.live("configmap/settings", ".data.size") == "1")
        try await machine.mooring(["resume", "production"], state: b).expect(0)
        try await until(site, has: "4")
      }
    }
    let story = try await machine.mooring(["log", "production", "--limit", "0"], state: b)
    #expect(story.output.contains("taken over"), "\(story)")
  }

  @Test func whoTakesOverDoesSoWhenTheLeaseRunsOutAndNotALookLater() async throws {
    let site = try await Site(["settings.yaml": Site.map("1")], target: ["lease: { duration: 12s }"])
    let (machine, a, b) = (site.machine, site.machine.folder["a"], site.machine.folder["b"])
    func time(_ field: String) async throws -> Date {
      let text = try await site.live("lease/mooring-production", ".spec.\(field)")
      return try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
    try await machine.running(["run"], state: a) { first in
      try await first.lines.line(containing: "verified", within: .seconds(60))
      try await machine.running(["run"], state: b) { second in
        try await second.lines.line(containing: "is worked on by \(site.identity(a))")
        kill(first.process, SIGSTOP)
        // What was on its way has arrived.
        try await Task.sleep(for: .seconds(1))
        let renewed = try await time("renewTime")
        try await second.lines.line(containing: "works on it", within: .seconds(30))
        let waited = try await time("acquireTime").timeIntervalSince(renewed)
        #expect(waited >= 12 && waited < 14, "\(waited) s")
        kill(first.process, SIGKILL)
      }
    }
  }

  @Test func whoIsStoppedHandsOverAtOnce() async throws {
    let site = try await Site(["settings.yaml": Site.map("1")], target: ["lease: { duration: 10m }"])
    let (machine, a, b) = (site.machine, site.machine.folder["a"], site.machine.folder["b"])
    try await machine.running(["run"], state: b) { second in
      try await second.lines.line(containing: "verified", within: .seconds(60))
      try await machine.running(["run"], state: a) { first in
        try await first.lines.line(containing: "is worked on by")
        second.terminate()
        try await first.lines.line(containing: "works on it", within: .seconds(20))
        try machine.push(["settings.yaml": Site.map("2")])
        try await until(site, has: "2")
      }
      #expect(try await site.holder() == "", "nobody works on it any more")
    }
  }

  @Test func aTimeInWhichNobodyWatchedIsRecordedByWhoeverWatchesNext() async throws {
    let site = try await Site(["settings.yaml": Site.map("1")], target: ["lease: { duration: 10s }"])
    let (machine, a, b) = (site.machine, site.machine.folder["a"], site.machine.folder["b"])
    try await machine.running(["run"], state: a) { _ in try await until(site, has: "1") }
    // As if that had been long ago, by the clock of a machine that is gone.
    try await site.kubectl(
      "annotate", "lease", "mooring-production", "--overwrite", "mooring.dev/watched-until=2026-01-01T00:00:00.000000Z")
    try await machine.running(["run"], state: b) { second in
      try await second.lines.line(containing: "nobody watched between 2026-01-01T00:00:00", within: .seconds(60))
    }
    let audit = try await machine.mooring(["audit", "production"], state: b)
    #expect(audit.output.contains("2026-01-01T00:00:00"), "\(audit)")
  }

  @Test func whoWasPausedForTooLongDoesNothingWhenItWakes() async throws {
    let names = (0..<120).map { "m\($0)" }
    func files(_ value: String) -> [String: String?] {
      Dictionary(uniqueKeysWithValues: names.map { ("\($0).yaml", Optional(Site.map(value, $0))) })
    }
    let site = try await Site(files("1"), target: ["lease: { duration: 3s }", "check: false"])
    let (machine, a, b) = (site.machine, site.machine.folder["a"], site.machine.folder["b"])
    let versions = [
      "get", "configmaps,leases", "--output", "jsonpath={range .items[*]}{.metadata.name}={.data.size} {end}",
    ]
    try await machine.running(["run"], state: a) { first in
      try await first.lines.line(containing: "verified", within: .seconds(60))
      try await machine.running(["run"], state: b) { second in
        try await second.lines.line(containing: "is worked on by")
        try machine.push(files("2"))
        try await machine.until("some are applied", within: .seconds(60)) {
          try await site.kubectl(versions).contains("=2")
        }
        kill(first.process, SIGSTOP)
        try await second.lines.line(containing: "works on it", within: .seconds(30))
        try machine.push(files("3"))
        try await machine.until("the other one has deployed v3", within: .seconds(60)) {
          let all = try await site.kubectl(versions)
          return !all.contains("=1") && !all.contains("=2")
        }
        kill(first.process, SIGCONT)
        try await first.lines.line(containing: "is worked on by \(site.identity(b))", within: .seconds(30))
        // Requests that were on their way when it was paused, eight at most, arrive and are seen. Nothing else happens.
        let old = try await site.kubectl(versions).components(separatedBy: "=2").count - 1
        #expect(old <= 8)
        if old > 0 { try await machine.mooring(["drift", "production", "--heal"], state: b).expect(0) }
        let all = try await site.kubectl(versions)
        #expect(!all.contains("=1") && !all.contains("=2"), "\(all)")
        #expect(try await site.holder() == site.identity(b))
        #expect(!first.lines.all.contains { $0.contains("rolling back") }, "\(first.lines.all)")
      }
    }
  }

  @Test func environmentsAreSharedOutAndAgainWhenOneIsKilled() async throws {
    let site = try await Site(["settings.yaml": Site.map("1")])
    let machine = site.machine
    let names = ["production", "e1", "e2", "e3", "e4", "e5"]
    let others = names.dropFirst().map { name in
      """
        \(name):
          repository: config
          path: \(name)
          target:
            kubernetes: { kubeconfig: \(site.plane.kubeconfig), namespace: \(site.namespace), lease: { duration: 3s } }

      """
    }
    try site.configure(target: ["lease: { duration: 3s }"], others: others.joined())
    let files = names.dropFirst().map { ("\($0)/map.yaml", Optional(Site.map("1", "map-\($0)"))) }
    try machine.author.commit("All", files: Dictionary(uniqueKeysWithValues: files))
    try machine.publish()
    func holders() async throws -> [String: Int] {
      var count: [String: Int] = [:]
      for name in names { count[try await site.holder(name), default: 0] += 1 }
      return count
    }
    let states = ["a", "b", "c"].map { machine.folder[$0] }
    try await machine.running(["run"], state: states[0]) { _ in
      try await machine.until("one has all", within: .seconds(60)) { try await holders().values.max() == 6 }
      try await machine.running(["run"], state: states[1]) { second in
        try await machine.running(["run"], state: states[2]) { _ in
          try await machine.until("each has two", within: .seconds(90)) {
            try await holders().filter { !$0.key.isEmpty }.values.sorted() == [2, 2, 2]
          }
          kill(second.process, SIGKILL)
          try await machine.until("each has three", within: .seconds(90)) {
            try await holders().filter { !$0.key.isEmpty }.values.sorted() == [3, 3]
          }
        }
      }
    }
  }

  @Test func whoLacksTheJournalDeploysNothingButAnExplicitRollback() async throws {
    let target = ["lease: { duration: 3s }"]
    let site = try await Site(["settings.yaml": Site.map("1")], target: target)
    let (machine, a, b) = (site.machine, site.machine.folder["a"], site.machine.folder["b"])
    try await machine.mooring(["sync", "production"], state: a).expect(0)
    try machine.push(["settings.yaml": Site.map("2")])
    try await machine.mooring(["sync", "production"], state: a).expect(0)
    // The other one has read all that until now. What follows isn't published.
    _ = try await machine.mooring(["plan", "production"], state: b)
    try site.configure(target: target, journal: "{ push: false }")
    try machine.push(["settings.yaml": Site.map("3")])
    try await machine.mooring(["sync", "production"], state: a).expect(0)
    try await machine.running(["run"], state: b) { second in
      try await second.lines.line(containing: "only explicit rollbacks are deployed", within: .seconds(30))
      try machine.push(["settings.yaml": Site.map("4")])
      let status = try await machine.mooring(["status", "production"], state: b).expect(2)
      #expect(status.output.contains("only explicit rollbacks are deployed"), "\(status)")
      try await machine.mooring(["sync", "production"], state: b).expect(1)
      #expect(try await site.live("configmap/settings", ".data.size") == "3")
      try await machine.mooring(["rollback", "production", "--to", "v1", "--reason", "bad", "--yes"], state: b).expect(
        0)
      #expect(try await site.live("configmap/settings", ".data.size") == "1")
    }
    try site.configure(target: target)
    try await machine.running(["run"], state: b) { second in
      try await second.lines.line(containing: "only explicit rollbacks are deployed", within: .seconds(30))
      // The first one comes back and publishes what it had: a union of both.
      try await machine.until("the journals are one", within: .seconds(60)) {
        _ = try await machine.mooring(["run", "--once"], state: a)
        return try await !machine.mooring(["status", "production"], state: b).output.contains("only explicit")
      }
      try machine.pull()
      try machine.push(["settings.yaml": Site.map("5")])
      try await until(site, has: "5")
    }
    #expect(try await site.holder() == "")
  }

  @Test func anAPIServerThatIsStartedAgainIsWaitedFor() async throws {
    var options = ControlPlane.Options()
    options.controllers = false
    options.kubelet = false
    let plane = try await ControlPlane(options)
    let site = try await Site(["settings.yaml": Site.map("1")], on: plane, target: ["lease: { duration: 6s }"])
    let machine = site.machine
    try await machine.running(["run"], state: machine.folder["a"]) { _ in
      try await until(site, has: "1")
      try await machine.running(["run"], state: machine.folder["b"]) { second in
        try await second.lines.line(containing: "is worked on by")
        try await plane.restartAPIServer()
        try machine.push(["settings.yaml": Site.map("2")])
        try await until(site, has: "2")
      }
    }
  }

  @Test func aCommandFromElsewherePushesTheRevertAndWaitsForWhoHoldsTheLease() async throws {
    let site = try await Site(["settings.yaml": Site.map("1")], target: ["lease: { duration: 10s }"])
    let (machine, laptop) = (site.machine, site.machine.folder["laptop"])
    try await machine.watching { _ in
      try await until(site, has: "1")
      try machine.push(["settings.yaml": Site.map("2")])
      try await until(site, has: "2")
      try await machine.until("the laptop has met v2") {
        _ = try await machine.mooring(["run", "--once"], state: laptop)
        return try await machine.mooring(["status"], state: laptop).output.hasPrefix("production: v2, synced, healthy")
      }
      let refused = try await machine.mooring(["sync", "production"], state: laptop).expect(1)
      #expect(refused.errors.contains("holds its Lease"), "\(refused)")
      try await machine.mooring(["hold", "production", "--reason", "no"], state: laptop).expect(1)
      try await machine.mooring(["takeover", "production"], state: laptop).expect(1)
      let answer = try await machine.mooring(["rollback", "production", "--reason", "bad", "--yes"], state: laptop)
      answer.expect(0)
      #expect(answer.errors.contains("waiting for the owner of production"), "\(answer)")
      #expect(try await site.live("configmap/settings", ".data.size") == "1")
    }
  }
}
