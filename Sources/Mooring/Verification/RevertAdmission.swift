import MooringJournal
import MooringModel

extension EnvironmentContext {
  /// Whether `verify: required` lets a rollback happen: back to what has run before, or to a release that verifies; and a
  /// single commit is undone only on a head that verifies itself.
  ///
  /// - Throws: `Fault` when it doesn't.
  func admit(_ request: RevertRequest, on reading: HeadReader.Reading, _ state: EnvironmentState) async throws {
    guard configuration.verification.mode == .required else { return }
    switch request.scope {
    case .undo: if let fault = reading.unverified { throw fault }
    case .release(let target):
      if try state.hasRun(target.digest) || ranOnce(target.digest) { return }
      let signature = try await verification.signature(
        of: target.revision.object, digest: target.digest, state, sinceDeployed: true)
      guard !signature.verdict.isAccepted else { return }
      throw Fault(
        .refusedContent, "\(target.label) never ran here, and its commit \(target.revision.short) is \(signature)",
        at: name.string, remedy: "go back to a release that ran, or to one that an allowed signer signed")
    }
  }

  private func ranOnce(_ digest: ReleaseDigest) throws -> Bool {
    try events(limit: nil).contains { event in
      if case .deploymentFinished(let finished) = event.payload { finished.live == digest } else { false }
    }
  }
}
