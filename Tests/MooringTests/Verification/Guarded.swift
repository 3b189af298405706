import Mooring
import MooringTestSupport

/// A site whose first release Ada signed, in production.
struct Guarded {
  let bench: SigningBench
  let site: Site
  let ada: Signer
  var policy: VerificationPolicy

  init(_ mode: VerificationPolicy.Mode = .required, _ commits: VerificationPolicy.Commits = .tip) async throws {
    bench = try SigningBench()
    ada = try await bench.keys.ssh()
    policy = try bench.allowing(SigningBench.line(ada))
    policy.mode = mode
    policy.commits = commits
    site = try Site([:])
    try site.push(["app/app.yaml": "a: 1\n"], "First", signedBy: ada)
  }

  func workspace(state: String = "state", transfer: any Transfer = TransferService()) async throws -> Workspace {
    try await site.workspace([Site.Environment(verification: policy)], state: state, transfer: transfer)
  }
}
