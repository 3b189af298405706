import FoundationEssentials
import Git
import GitRemotes
import MooringModel
import MooringTestSupport
import Testing

@testable import Mooring

/// Reverts that go to the branch by a pull request.
@Suite(.inTurn) struct PullRequestTests {
  private struct Bench {
    let site: Site
    let workspace: Workspace
    let server: CodeHostServer
    /// The remote over a network: there its hooks run.
    let web: HTTPServer
    let clock: Clock

    /// The remote's branches.
    var branches: [String] {
      ((try? site.remote.git("for-each-ref", "--format=%(refname:short)", "refs/heads")) ?? "").split(separator: "\n")
        .map(String.init)
    }
  }

  /// A site whose branch takes no pushes, with a bad release in production.
  private func bench(
    _ provider: PullRequestOptions.Provider = .github, when: PullRequestOptions.Occasion = .always,
    method: PullRequestOptions.Method = .merge, autoMerge: Bool = true, isProtected: Bool = true
  ) async throws -> Bench {
    let site = try Site(["app/app.yaml": "a: 1\n", "app/b.yaml": "b: 1\n"])
    let server = try await CodeHostServer(provider.rawValue, repository: site.remote.path)
    try site.folder.write(CodeHostServer.token + "\n", to: "token")
    let options = PullRequestOptions(
      provider: provider, api: server.address, project: "o/n", token: .file(site.folder["token"]), when: when,
      method: method, autoMerge: autoMerge, way: .init(allowsHTTP: true, timeout: .seconds(5)))
    let (web, clock) = (try await site.serve(), Clock())
    let workspace = try await site.workspace(
      [.init(pullRequests: options)], time: clock.time, repository: site.repository(on: web))
    try await workspace.sync()
    try site.push(["app/app.yaml": "a: 2\ntoken: hunter2\n"], "Bad")
    try await workspace.sync()
    if isProtected { try site.protect() }
    return Bench(site: site, workspace: workspace, server: server, web: web, clock: clock)
  }

  @Test(
    "is proposed, followed until it is merged as whatever commit, and then nothing is owed",
    arguments: zip(
      [PullRequestOptions.Provider.github, .gitlab, .gitea], ["merge rebase", "merge squash", "merge"]))
  func isProposed(_ provider: PullRequestOptions.Provider, _ word: String) async throws {
    let bench = try await bench(provider)
    let report = try await bench.workspace.rollback(reason: "5xx")
    #expect(bench.site.live() == "a: 1\n", "production is first")
    #expect(report.kinds.contains("revertProposed"), "\(report.kinds) \(report.said)")
    let status = try await StatusReport(bench.workspace.context())
    let owed = try #require(status.owed.first)
    #expect(owed.pullRequest?.number == 1 && owed.why?.contains("waits to be merged") == true, "\(owed)")
    #expect(status.release?.label == "v1 (revert pending)" && status.holds.isEmpty)
    let asked = try bench.server.requests.joined(separator: "\n")
    for text in ["Revert \\\"Bad\\\"", "Mooring-Reason: 5xx", "app.yaml: a: 2 \\u2192 1", "token: a secret value"] {
      #expect(asked.contains(text), "\(text) in \(asked)")
    }
    #expect(!asked.contains("hunter2"))

    let count = try bench.workspace.state().eventCount
    for _ in 0..<2 { try await bench.workspace.poll() }
    #expect(try bench.workspace.state().eventCount == count, "the same is said once")
    #expect(bench.site.live() == "a: 1\n", "no poll brings the bad one back")

    try bench.server.act(word)
    try await bench.workspace.poll()
    try await bench.workspace.poll()
    let state = try bench.workspace.state()
    #expect(state.owed.isEmpty && !state.isHeld)
    #expect(state.deployed?.release.number == ReleaseNumber(3) && state.deployed?.verified == true)
    try bench.site.pull()
    #expect(try bench.site.author.git("show", "HEAD:app/app.yaml") == "a: 1")
    let synced = try await StatusReport(bench.workspace.context())
    #expect(synced.sync == "synced" && !synced.needsAttention)
    #expect(state.needless.isEmpty && bench.branches == ["main"], "the branch that was made for it is deleted")
    #expect(try bench.server.reviews.allSatisfy { $0.merged && $0.comments.isEmpty })
  }

  @Test("is merged by the host itself as soon as its rules allow it", arguments: PullRequestOptions.Provider.allCases)
  func isMergedByTheHost(_ provider: PullRequestOptions.Provider) async throws {
    let bench = try await bench(provider)
    try bench.server.beReady()
    try await bench.workspace.rollback()
    for _ in 0..<3 { try await bench.workspace.poll() }
    #expect(try bench.workspace.state().owed.isEmpty)
    try bench.site.pull()
    #expect(try bench.site.author.git("show", "HEAD:app/app.yaml") == "a: 1")
  }

  @Test(
    "that is closed unmerged holds, until it is open again or somebody takes the branch as it is",
    arguments: [true, false])
  func thatIsClosed(isReopened: Bool) async throws {
    let bench = try await bench()
    try await bench.workspace.rollback()
    try bench.server.act("close")
    let report = try await bench.workspace.poll()
    #expect(report.kinds.contains("revertDeclined"), "\(report.kinds)")
    #expect(try bench.workspace.state().holds.map(\.hold.cause) == [.pullRequestClosed])
    #expect(bench.site.live() == "a: 1\n")
    let count = try bench.workspace.state().eventCount
    for _ in 0..<2 { try await bench.workspace.poll() }
    #expect(try bench.workspace.state().eventCount == count)
    if isReopened {
      try bench.server.act("reopen")
      try await bench.workspace.poll()
      let state = try bench.workspace.state()
      #expect(!state.isHeld && state.owed.count == 1)
      try bench.server.act("merge")
      try await bench.workspace.poll()
      #expect(try bench.workspace.state().owed.isEmpty)
      try await bench.workspace.poll()
      #expect(bench.branches == ["main"])
    } else {
      try await bench.workspace.ask(.resume(reason: "it is right as it is"))
      try await bench.workspace.poll()
      let state = try bench.workspace.state()
      #expect(state.owed.isEmpty && !state.isHeld)
      #expect(state.blocked != nil && bench.site.live() == "a: 1\n", "the branch is as it is, and the quarantine holds")
      #expect(state.needless.isEmpty && bench.branches == ["main"])
      #expect(try bench.server.reviews.first?.comments == [], "somebody else has closed it, and knows why")
    }
  }

  @Test(
    "that is done by hand on the branch is recognised, and its pull request is closed with a word why",
    arguments: PullRequestOptions.Provider.allCases)
  func byHand(_ provider: PullRequestOptions.Provider) async throws {
    let bench = try await bench(provider, isProtected: false)
    try await bench.workspace.rollback()
    try bench.site.push(["app/app.yaml": "a: 1\n", "app/b.yaml": "b: 2\n"], "By hand")
    try await bench.workspace.poll()
    try await bench.workspace.poll()
    #expect(try bench.workspace.state().owed.isEmpty)
    #expect(bench.site.live("b.yaml") == "b: 2\n")
    let review = try #require(try bench.server.reviews.first)
    #expect(review.state == "closed" && !review.merged, "\(review)")
    #expect(review.comments.count == 1 && review.comments[0].contains("on the branch has it"), "\(review)")
    #expect(try bench.workspace.state().needless.isEmpty && bench.branches == ["main"])
    let count = try bench.workspace.state().eventCount
    try await bench.workspace.poll()
    #expect(try bench.workspace.state().eventCount == count, "it is said once")
  }

  @Test func whatUndoesItselfAgainIsNeededByNobody() async throws {
    let bench = try await bench()
    try await bench.workspace.rollback()
    try await bench.workspace.rollback(.release(ReleaseNumber(2)))
    for _ in 0..<2 { try await bench.workspace.poll() }
    let state = try bench.workspace.state()
    #expect(state.owed.isEmpty && state.needless.isEmpty && !state.isHeld, "\(state.owed) \(state.needless)")
    #expect(bench.site.live() == "a: 2\ntoken: hunter2\n")
    #expect(state.deployed?.release.label == "v2", "\(state.deployed as Any)")
    #expect(try bench.server.reviews.map(\.state) == ["closed"] && bench.branches == ["main"])
  }

  @Test func whoLetsTheReleaseInAgainWithdrawsItsRevert() async throws {
    let bench = try await bench()
    try await bench.workspace.rollback()
    let bad = try #require(try bench.workspace.state().quarantine.entries.first?.digest)
    try await bench.workspace.ask(.liftQuarantine(bad, reason: "it was the network"))
    for _ in 0..<3 { try await bench.workspace.poll() }
    let state = try bench.workspace.state()
    #expect(state.owed.isEmpty && state.needless.isEmpty && state.deployed?.release.label == "v2")
    #expect(bench.site.live() == "a: 2\ntoken: hunter2\n")
    let review = try #require(try bench.server.reviews.first)
    #expect(review.state == "closed" && review.comments.first?.contains("it was the network") == true, "\(review)")
    #expect(bench.branches == ["main"])
  }

  @Test(
    "that can't be put away is tried for an hour, and then left with a word",
    arguments: [
      #"{"status": 502}"#, #"{"status": 404, "body": "{\"message\": \"Not Found\"}"}"#,
      #"{"status": 401, "body": "{\"message\": \"Bad credentials\"}"}"#,
    ])
  func thatCantBePutAway(_ answer: String) async throws {
    let bench = try await bench()
    try await bench.workspace.rollback()
    let context = try bench.workspace.context()
    let options = try #require(context.configuration.pullRequests)
    let owed = try #require(try bench.workspace.state().owed.first)
    let needless = NeedlessRequest(
      rollback: owed.rollback, request: try #require(owed.request), why: "the branch has it",
      since: bench.clock.time.now())
    let closer = PullRequestCloser(
      environment: context.name, git: context.repository.git,
      host: CodeHostClient(options: options, patience: CodeHostPatience(), time: bench.clock.time).host,
      time: bench.clock.time)
    try bench.server.fail(answer)
    #expect(try await closer.close([needless]) == [])
    bench.clock.move(by: 3600)
    let left = try await closer.close([needless])
    #expect(left.first?.problem?.contains("it is left as it is: the host answered") == true, "\(left)")
    #expect(left.first?.closed == false && left.first?.deleted == false)
    try bench.server.fail(nil)
    #expect(try await closer.close([needless]) == [RequestSettled(needless, closed: true, deleted: true)])
    #expect(try await closer.close([needless]) == [RequestSettled(needless)], "and is done with, who asks again")
  }

  @Test func aBranchThatSomebodyHasAddedToStays() async throws {
    let bench = try await bench()
    try await bench.workspace.rollback()
    let branch = try #require(try bench.server.reviews.first?.branch)
    let author = bench.site.author
    try author.git("fetch", "--quiet", bench.site.remote.path, branch)
    try author.checkout("FETCH_HEAD")
    try author.commit("And one more thing", files: ["app/c.yaml": "c: 1\n"])
    try author.git("push", "--quiet", bench.site.remote.path, "HEAD:refs/heads/\(branch)")
    try bench.server.act("close")
    try await bench.workspace.poll()
    try await bench.workspace.ask(.resume(reason: "as it is"))
    let report = try await bench.workspace.poll()
    #expect(report.kinds.contains("requestSettled"), "\(report.kinds)")
    #expect(bench.branches == ["main", branch])
  }

  @Test("is made where a push is refused, and only then", arguments: [true, false])
  func whereAPushIsRefused(isProtected: Bool) async throws {
    let bench = try await bench(.gitea, when: .protected, isProtected: isProtected)
    try await bench.workspace.rollback()
    #expect(try bench.workspace.state().owed.first?.request?.number == (isProtected ? 1 : nil))
    #expect(try bench.server.requests.isEmpty == !isProtected)
    #expect(try bench.workspace.state().owed.isEmpty == !isProtected)
  }

  @Test func aProtectedBranchWithoutPullRequestsLeavesTheRevertOwedAndSaysWhy() async throws {
    let site = try Site()
    let web = try await site.serve()
    let workspace = try await site.workspace(repository: site.repository(on: web))
    try await workspace.sync()
    try site.push(["app/app.yaml": "a: 2\n"], "Bad")
    try await workspace.sync()
    try site.protect()
    try await workspace.rollback()
    let why = try #require(try await StatusReport(workspace.context()).owed.first?.why)
    #expect(why.contains("hook"), "\(why)")
    #expect(site.live() == "a: 1\n")
  }

  @Test("of a host that fails is made later, and production doesn't wait", arguments: ["502", "hang", "429"])
  func ofAHostThatFails(how: String) async throws {
    let bench = try await bench()
    try bench.server.fail(how == "hang" ? #"{"hang": true}"# : #"{"status": \#(how), "headers": {"Retry-After": "1"}}"#)
    let report = try await bench.workspace.rollback()
    guard
      case .rollbackFinished(let finished)? = report.events.map(\.payload).last(where: {
        $0.kind == "rollback.finished"
      })
    else {
      Issue.record("it didn't end: \(report.kinds)")
      return
    }
    #expect(finished.outcome == .verified && !finished.pushed && finished.milliseconds < 4000)
    #expect(try bench.workspace.state().owed.first?.why?.contains("the pull request waits") == true)
    try bench.server.fail(nil)
    bench.clock.move(by: 2)
    try await bench.workspace.poll()
    #expect(try bench.workspace.state().owed.first?.request?.number == 1)
  }

  @Test func aSecondRollbackGoesIntoAPullRequestWithTheFirst() async throws {
    let bench = try await bench(isProtected: false)
    try bench.site.push(["app/b.yaml": "b: 2\n"], "Another")
    try await bench.workspace.sync()
    try bench.site.protect()
    try await bench.workspace.rollback()
    try await bench.workspace.poll()
    try await bench.workspace.rollback(.release(ReleaseNumber(1)))
    #expect(bench.site.live() == "a: 1\n" && bench.site.live("b.yaml") == "b: 1\n")
    let state = try bench.workspace.state()
    #expect(state.owed.count == 2 && state.owed.last?.request?.number == 2, "\(state.owed)")
    try await bench.workspace.poll()
    #expect(try bench.server.reviews.map(\.state) == ["closed", "open"], "what the second has, the first needn't")
    #expect(try bench.server.reviews.first?.comments.first?.contains("pull request #2 has it too") == true)
    try bench.server.act("merge")
    for _ in 0..<3 { try await bench.workspace.poll() }
    let after = try bench.workspace.state()
    #expect(after.owed.isEmpty && after.needless.isEmpty && !after.isHeld)
    #expect(bench.site.live() == "a: 1\n" && bench.site.live("b.yaml") == "b: 1\n")
    #expect(bench.branches == ["main"])
  }

  @Test func whatWasMadeBeforeACrashIsFoundAgain() async throws {
    let bench = try await bench()
    try await bench.workspace.rollback()
    let state = try bench.workspace.state()
    var owed = state.owed
    for index in owed.indices { owed[index].request = nil }
    let context = try bench.workspace.context()
    let options = try #require(context.configuration.pullRequests)
    let facts = try await PullRequestPusher(context, options).push(owed)
    guard case .heard(let news)? = facts.first else {
      Issue.record("\(facts)")
      return
    }
    #expect(news.request == state.owed.first?.request && news.isOpen)
    // The revert came to the branch meanwhile: what was made for it is found, too, and so can be closed.
    try bench.site.unprotect()
    try bench.site.push(["app/app.yaml": "a: 1\n"], "By hand")
    let later = try await PullRequestPusher(context, options).push(owed)
    guard later.count == 2, case .heard(let found) = later[0], case .pushed = later[1] else {
      Issue.record("\(later)")
      return
    }
    #expect(found.request == news.request)
  }

  // MARK: From another machine

  @Test("from another machine is asked for, and not called done before its owner says so", arguments: [true, false])
  func fromAnotherMachine(always: Bool) async throws {
    let bench = try await bench(when: always ? .always : .protected)
    let context = try bench.workspace.context()
    let request = try await context.revertRequest(.previous, reason: "5xx", by: Site.person, includeShared: false)
    let distant = DistantRollback(context: context, observer: { _ in }, patience: .zero)
    let report = try await distant.carryOut(request)
    guard case .rollbackFinished(let finished)? = report.events.last?.payload else {
      Issue.record("\(report.events)")
      return
    }
    #expect(finished.outcome == .unconfirmed && !finished.pushed, "\(finished)")
    #expect(
      finished.detail?.contains("pull request #1 (https://host.example/o/n/pull/1) asks for") == true, "\(finished)")
    let review = try #require(try bench.server.reviews.first)
    #expect(review.state == "open" && bench.branches == ["main", review.branch])
    #expect(bench.site.live() == "a: 2\ntoken: hunter2\n", "only its owner touches production")
  }

  @Test func fromAnotherMachineAHostThatFailsIsTold() async throws {
    let bench = try await bench()
    try bench.server.fail(#"{"status": 403, "body": "{\"message\": \"Resource not accessible\"}"}"#)
    let context = try bench.workspace.context()
    let request = try await context.revertRequest(.previous, reason: "5xx", by: Site.person, includeShared: false)
    let fault = await #expect(throws: Fault.self) {
      try await DistantRollback(context: context, observer: { _ in }).carryOut(request)
    }
    #expect(fault?.description.contains("Resource not accessible") == true, "\(fault as Any)")
    #expect(fault?.description.contains("nothing was changed") == true, "\(fault as Any)")
  }
}

extension Site {
  fileprivate func serve() async throws -> HTTPServer { try await HTTPServer(root: remote.path + "/..") }

  fileprivate func repository(on web: HTTPServer) -> RepositoryConfiguration {
    let name = URL(filePath: remote.path).lastPathComponent
    return RepositoryConfiguration(
      url: "http://127.0.0.1:\(web.port)/git/\(name)", access: RemoteAccess(allowHTTP: true))
  }

  func unprotect() throws { try FileManager.default.removeItem(atPath: remote.path + "/hooks/pre-receive") }

  /// Refuses pushes to `main`, as a real hook of a real host does.
  func protect() throws {
    let hook = remote.path + "/hooks/pre-receive"
    let text =
      "#!/bin/sh\nwhile read old new ref; do [ \"$ref\" != refs/heads/main ] || { echo protected >&2; exit 1; }; done\n"
    try FileManager.default.createDirectory(atPath: remote.path + "/hooks", withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: hook))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
  }
}
