import FoundationEssentials
import GitRemotes
import MooringModel
import MooringTestSupport
import Testing

@testable import Mooring

/// What is asked of GitHub, GitLab and Gitea, and what is made of their answers.
@Suite("A host of code", .inTurn) struct CodeHostTests {
  private struct Bench {
    let folder: TemporaryFolder
    let remote: GitFixture
    let server: CodeHostServer
    let host: any CodeHost
    let clock: Clock
  }

  /// A host whose project has a branch `mooring/revert-x` beside `main`.
  private func bench(
    _ provider: PullRequestOptions.Provider, token: String = CodeHostServer.token, project: String = "o/n",
    method: PullRequestOptions.Method = .merge, timeout: Duration = .seconds(10)
  ) async throws -> Bench {
    let folder = try TemporaryFolder("mooring-host-test")
    try folder.write(token + "\n", to: "token")
    let remote = try GitFixture(bare: true)
    let author = try GitFixture()
    try author.commit("One", files: ["a": "1\n"])
    try author.branch("mooring/revert-x")
    try author.checkout("mooring/revert-x")
    try author.commit("Revert \"Two\"", files: ["a": "2\n"])
    try author.git("push", "--quiet", remote.path, "main", "mooring/revert-x")
    let server = try await CodeHostServer(provider.rawValue, repository: remote.path)
    let clock = Clock()
    let options = PullRequestOptions(
      provider: provider, api: server.address, project: project, token: .file(folder["token"]), method: method,
      way: .init(allowsHTTP: true, timeout: timeout))
    let client = CodeHostClient(options: options, patience: CodeHostPatience(), time: clock.time)
    return Bench(folder: folder, remote: remote, server: server, host: client.host, clock: clock)
  }

  private let proposal = Proposal(branch: "mooring/revert-x", base: "main", title: "Revert", body: "why: ü \"x\"")

  @Test(
    "takes a proposal, knows it again, and merges it when it may", arguments: PullRequestOptions.Provider.allCases)
  func takesAProposal(_ provider: PullRequestOptions.Provider) async throws {
    let bench = try await bench(provider, method: .squash)
    #expect(try await bench.host.find(proposal.branch, into: "main") == nil)
    let made = try await bench.host.propose(proposal)
    #expect(made.number == 1 && made.state == .open && made.url.hasPrefix("https://host.example/o/n/"))
    #expect(try await bench.host.find(proposal.branch, into: "main")?.number == 1)
    let twice = await #expect(throws: Fault.self) { try await bench.host.propose(proposal) }
    #expect(twice?.code == .conflict, "\(twice?.description ?? "")")

    if provider == .gitlab { await #expect(throws: Fault.self) { try await bench.host.mergeWhenReady(made) } }
    try await bench.host.mergeWhenReady(made)
    #expect(try await bench.host.review(1).state == .open)
    try bench.server.act("merge squash")
    guard case .merged(let commit?) = try await bench.host.review(1).state else {
      Issue.record("it isn't merged")
      return
    }
    #expect(try bench.remote.git("rev-parse", "main") == commit)
    #expect(try bench.server.requests.contains { $0.contains("why: \\u00fc \\\"x\\\"") })
  }

  @Test("merges at once what is ready already", arguments: PullRequestOptions.Provider.allCases)
  func mergesAtOnce(_ provider: PullRequestOptions.Provider) async throws {
    let bench = try await bench(provider)
    let made = try await bench.host.propose(proposal)
    try bench.server.beReady()
    if provider == .gitlab { await #expect(throws: Fault.self) { try await bench.host.mergeWhenReady(made) } }
    try await bench.host.mergeWhenReady(made)
    guard case .merged = try await bench.host.review(1).state else {
      Issue.record("it isn't merged")
      return
    }
  }

  @Test("says that one was closed, and open again", arguments: PullRequestOptions.Provider.allCases)
  func saysThatOneWasClosed(_ provider: PullRequestOptions.Provider) async throws {
    let bench = try await bench(provider)
    _ = try await bench.host.propose(proposal)
    try bench.server.act("close")
    #expect(try await bench.host.review(1).state == .closed)
    #expect(try await bench.host.find(proposal.branch, into: "main")?.state == .closed)
    try bench.server.act("reopen")
    #expect(try await bench.host.review(1).state == .open)
  }

  @Test("refuses to merge what it hasn't seen", arguments: PullRequestOptions.Provider.allCases)
  func refusesToMergeAnotherHead(_ provider: PullRequestOptions.Provider) async throws {
    let bench = try await bench(provider)
    var made = try await bench.host.propose(proposal)
    try bench.server.beReady()
    made.head = String(repeating: "0", count: 40)
    let fault = await #expect(throws: Fault.self) { try await bench.host.mergeWhenReady(made) }
    #expect(fault?.code == .conflict, "\(fault?.description ?? "")")
  }

  @Test("closes one, says why, and deletes its branch", arguments: PullRequestOptions.Provider.allCases)
  func closesOne(_ provider: PullRequestOptions.Provider) async throws {
    let bench = try await bench(provider)
    let made = try await bench.host.propose(proposal)
    #expect(made.branch == proposal.branch)
    try await bench.host.close(made)
    try await bench.host.comment("why: ü \"x\"", on: made)
    #expect(try await bench.host.review(1).state == .closed)
    try await bench.host.delete(proposal.branch)
    #expect(try bench.remote.git("for-each-ref", "--format=%(refname:short)", "refs/heads") == "main")
    let gone = await #expect(throws: Fault.self) { try await bench.host.delete(proposal.branch) }
    #expect(gone?.code == .notFound, "\(gone?.description ?? "")")
    let review = try #require(try bench.server.reviews.first)
    #expect(review.state == "closed" && !review.merged && review.comments == ["why: ü \"x\""], "\(review)")
  }

  @Test("fails to close as it fails otherwise", arguments: failures)
  func failsToClose(_ failure: Failure) async throws {
    // An answer that says nothing is enough where nothing is asked.
    guard !failure.answer.contains("200, \"body\": \"{}\"}"), !failure.answer.contains("200, \"body\": \"\"}"),
      !failure.answer.contains("\\\"number\\\"")
    else { return }
    for provider in PullRequestOptions.Provider.allCases {
      let bench = try await bench(provider, timeout: .seconds(1))
      let made = try await bench.host.propose(proposal)
      try bench.server.fail(failure.answer)
      let acts: [@Sendable (any CodeHost) async throws -> Void] = [
        { try await $0.close(made) }, { try await $0.comment("why", on: made) }, { try await $0.delete("mooring/x") },
      ]
      // Whoever wants to be left alone is, and all say the same.
      for act in failure.answer.contains("hang") ? Array(acts.prefix(1)) : acts {
        let fault = await #expect(throws: Fault.self) { try await act(bench.host) }
        #expect(
          fault?.code == failure.code && fault?.description.contains(CodeHostServer.token) == false, "\(fault as Any)")
      }
    }
  }

  // MARK: Failures

  struct Failure: Sendable {
    var answer: String
    var code: Fault.Code
    var said: String
  }

  private static let failures: [Failure] = [
    Failure(
      answer: #"{"status": 401, "body": "{\"message\": \"Bad credentials\"}"}"#, code: .remote, said: "Bad credentials"),
    Failure(
      answer: #"{"status": 403, "body": "{\"message\": \"Resource not accessible by personal access token\"}"}"#,
      code: .remote, said: "give it the right to write pull requests"),
    Failure(
      answer: #"{"status": 404, "body": "{\"message\": \"Not Found\"}"}"#, code: .notFound, said: "no such project"),
    Failure(
      answer: #"{"status": 409, "body": "{\"message\": [\"Another open merge request already exists\"]}"}"#,
      code: .conflict, said: "Another open merge request already exists"),
    Failure(
      answer:
        #"{"status": 422, "body": "{\"message\": \"Validation Failed\", \"errors\": [{\"message\": \"No commits between main and x\"}]}"}"#,
      code: .conflict, said: "Validation Failed: No commits between main and x"),
    Failure(
      answer: #"{"status": 429, "headers": {"Retry-After": "120"}, "body": "slow down"}"#, code: .busy,
      said: "left alone for 120"),
    Failure(
      answer: #"{"status": 403, "headers": {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000300"}}"#,
      code: .busy, said: "left alone for 300"),
    Failure(answer: #"{"status": 429}"#, code: .busy, said: "left alone for 60"),
    Failure(answer: #"{"status": 502, "body": "<html>Bad gateway</html>"}"#, code: .remote, said: "answered 502"),
    Failure(
      answer: #"{"status": 302, "headers": {"Location": "http://127.0.0.1:1/"}}"#, code: .remote, said: "redirect"),
    Failure(answer: #"{"status": 200, "body": "<html>Log in</html>"}"#, code: .remote, said: "not JSON"),
    Failure(answer: #"{"status": 200, "body": "{}"}"#, code: .remote, said: "has no"),
    Failure(answer: #"{"status": 200, "body": ""}"#, code: .remote, said: "has no"),
    Failure(
      answer: #"{"status": 200, "body": "{\"number\": \"x\", \"iid\": [], \"state\": 1}"}"#, code: .remote,
      said: "has no"),
    Failure(answer: #"{"hang": true}"#, code: .remote, said: "no answer within"),
  ]

  @Test("fails with what it said, where, what to do, and without the token", arguments: failures)
  func fails(_ failure: Failure) async throws {
    for provider in PullRequestOptions.Provider.allCases {
      let bench = try await bench(provider, timeout: .seconds(1))
      try bench.server.fail(failure.answer)
      let fault = await #expect(throws: Fault.self) { try await bench.host.review(1) }
      let said = fault?.description ?? ""
      #expect(fault?.code == failure.code && said.contains(failure.said) && said.contains("127.0.0.1 o/n"), "\(said)")
      #expect(!said.contains(CodeHostServer.token))
    }
  }

  @Test("is left alone for as long as it asks, and not longer than a quarter of an hour")
  func isLeftAlone() async throws {
    let bench = try await bench(.github)
    _ = try await bench.host.propose(proposal)
    try bench.server.fail(#"{"status": 429, "headers": {"Retry-After": "999999"}}"#)
    await #expect(throws: Fault.self) { try await bench.host.review(1) }
    try bench.server.fail(nil)
    let asked = try bench.server.requests.count
    bench.clock.move(by: 899)
    let fault = await #expect(throws: Fault.self) { try await bench.host.review(1) }
    #expect(fault?.code == .busy)
    #expect(try bench.server.requests.count == asked, "it was asked before its time")
    bench.clock.move(by: 1)
    #expect(try await bench.host.review(1).number == 1)
  }

  @Test("gets no token from a file that holds none, and doesn't take a wrong one") func tokens() async throws {
    let wrong = try await bench(.gitlab, token: "another")
    let fault = await #expect(throws: Fault.self) { try await wrong.host.review(1) }
    #expect(fault?.description.contains("doesn't take the token") == true)
    let empty = try await bench(.gitlab, token: "")
    await #expect(throws: Fault.self) { try await empty.host.review(1) }
    #expect(try empty.server.requests.isEmpty)
  }

  @Test("that repeats the token in an error doesn't get it into ours") func thatRepeatsTheToken() async throws {
    let bench = try await bench(.gitea)
    try bench.server.fail(#"{"status": 500, "body": "{\"message\": \"bad \#(CodeHostServer.token)\"}"}"#)
    let fault = await #expect(throws: Fault.self) { try await bench.host.review(1) }
    #expect(fault?.description.contains("bad …") == true, "\(fault?.description ?? "")")
  }
}
