import Git
import MooringJournal
public import MooringModel

/// What a revert would bring to another environment whose inputs it changes, too.
public struct SharedPlan: Sendable, Encodable {
  public var environment: EnvironmentName
  /// In which files and fields its release would differ from what the branch says now.
  public var changes: [ReleaseChange]
  /// Why that can't be said.
  public var problem: String?
}

extension EnvironmentContext {
  /// What a revert would bring to each of the other environments of the repository, by name.
  func sharedPlans(of made: RevertMade) async throws -> [SharedPlan] {
    guard let revert = made.revert else { return [] }
    let old = try repository.git.commit(revert.on.object).tree
    let new = try repository.git.commit(revert.commit.object).tree
    var plans: [SharedPlan] = []
    for neighbour in try revertMaker.sharing(from: old, to: new).sorted(by: { $0.name < $1.name }) {
      plans.append(try await plan(of: neighbour, from: old, to: new))
    }
    return plans
  }

  private func plan(
    of neighbour: EnvironmentConfiguration, from old: ObjectID, to new: ObjectID
  ) async throws -> SharedPlan {
    let rendering = EnvironmentRendering(
      repository: repository.git, configuration: neighbour, journal: journal, state: state, limits: limits)
    do {
      let maker = try await rendering.maker(mailmap: Mailmap())
      let (before, after) = (try await maker.render(old, trusting: nil), try await maker.render(new, trusting: nil))
      guard case .rendered(let running, _) = before, case .rendered(let wanted, _) = after else {
        return SharedPlan(environment: neighbour.name, changes: [], problem: refusal(after) ?? refusal(before))
      }
      let comparison = ReleaseComparison(from: repository.git, to: repository.git, secrets: neighbour.secrets)
      return SharedPlan(environment: neighbour.name, changes: try comparison.changes(from: running, to: wanted))
    } catch let fault as Fault {
      return SharedPlan(environment: neighbour.name, changes: [], problem: fault.description)
    }
  }

  private func refusal(_ rendering: Rendering) -> String? {
    if case .refused(let fault) = rendering { fault.description } else { nil }
  }
}
