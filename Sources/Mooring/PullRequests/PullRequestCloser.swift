import Git
import MooringModel

/// Puts pull requests away that no revert waits in any more: closes what still stands open with a word why, and deletes the
/// branch that was made for it.
struct PullRequestCloser {
  /// How long a host that fails is asked again; then it is said what is left for people to do.
  static let patience = Duration.seconds(3600)

  let environment: EnvironmentName
  let git: Repository
  let host: any CodeHost
  let time: Time

  init(environment: EnvironmentName, git: Repository, host: any CodeHost, time: Time) {
    (self.environment, self.git, self.host, self.time) = (environment, git, host, time)
  }

  init(_ context: EnvironmentContext, _ options: PullRequestOptions) {
    self.init(
      environment: context.name, git: context.repository.git,
      host: CodeHostClient(options: options, patience: context.patience, time: context.time).host, time: context.time)
  }

  /// What could be settled, or never will be; a host that fails is asked again with the next poll.
  func close(_ needless: [NeedlessRequest]) async throws -> [RequestSettled] {
    var settled: [RequestSettled] = []
    for one in needless {
      do {
        settled.append(try await close(one))
      } catch let fault as Fault {
        guard time.now() - one.since >= Self.patience else { continue }
        settled.append(RequestSettled(one, problem: "it is left as it is: \(fault.what)"))
      }
    }
    return settled
  }

  private func close(_ needless: NeedlessRequest) async throws -> RequestSettled {
    var settled = RequestSettled(needless)
    // One that isn't found may be there all the same: hosts say so, too, where a token may not see it just now.
    let review = try await host.review(needless.request.number)
    if review.state == .open {
      try await host.close(review)
      settled.closed = true
      settled.problem = try await explain(review, needless)
    }
    try await delete(review, &settled)
    return settled
  }

  /// It is closed by then: that nobody could be told why is no reason to close it again. The reason is indented, so that
  /// nothing in it is a link or a mention.
  private func explain(_ review: CodeReview, _ needless: NeedlessRequest) async throws -> String? {
    let why = Notification.plain(needless.why).prefix(CodeHostClient.mostSaid)
    do {
      try await host.comment(
        "Closed by Mooring: `\(environment)` doesn't need it any more.\n\n    \(why)\n", on: review)
      return nil
    } catch let fault as Fault {
      return "it doesn't say why: \(fault.what)"
    }
  }

  /// The branch that was made for it goes; one that has commits of somebody else, which may be nowhere else, stays.
  private func delete(_ review: CodeReview, _ settled: inout RequestSettled) async throws {
    let branch = settled.request.branch
    guard PullRequestPusher.isOurs(branch, environment), review.branch == branch else { return }
    guard let head = ObjectID(hex: review.head), git.contains(head) else {
      settled.problem = "the branch \(branch) stays: it has commits that aren't known here"
      return
    }
    do {
      try await host.delete(branch)
      settled.deleted = true
    } catch let fault as Fault where fault.code == .notFound {
      // The host has done it, or whoever merged.
    }
  }
}
