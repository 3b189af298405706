import Documents
import MooringModel

/// Reads `rollback`: whether and how far automation goes back, and how the revert reaches the remote.
struct RollbackReader {
  /// What the key says.
  struct Rollback {
    var isAutomatic = true
    var policy = RollbackPolicy()
    var pullRequests: PullRequestOptions?
    var signer: CommitSigner?
  }

  let reader: MappingReader
  let repository: RepositoryConfiguration?
  /// Makes a path absolute.
  let absolute: (String) -> String

  func read() -> Rollback {
    defer { reader.finish() }
    var rollback = Rollback()
    rollback.pullRequests = pullRequests()
    rollback.signer = reader.optionalMapping("sign").flatMap(signer)
    if let lifetime = reader.optionalDuration("quarantineFor") {
      if lifetime < .seconds(60) { reader.report("should be at least 1m", key: "quarantineFor") }
      rollback.policy.quarantineFor = lifetime
    }
    guard reader.optionalNode("automatic")?.kind == .mapping else {
      rollback.isAutomatic = reader.optionalBool("automatic") ?? true
      return rollback
    }
    reader.optionalMapping("automatic").map { automatic($0, &rollback.policy) }
    return rollback
  }

  /// By one key: of SSH, or of OpenPGP.
  private func signer(_ reader: MappingReader) -> CommitSigner? {
    defer { reader.finish() }
    let ssh = reader.optionalString("sshKey").map(absolute)
    let gpg = reader.optionalString("gpgKey")
    let home = reader.optionalString("gpgHome").map(absolute)
    guard (ssh == nil) != (gpg == nil) else {
      reader.report("should have exactly one of sshKey and gpgKey")
      return nil
    }
    if home != nil, gpg == nil { reader.report("goes with `gpgKey` only", key: "gpgHome") }
    if let gpg, gpg.isEmpty || gpg.hasPrefix("-") { reader.report("should be a key's fingerprint", key: "gpgKey") }
    return ssh.map { CommitSigner(.ssh($0)) } ?? gpg.map { CommitSigner(.openPGP($0, home: home)) }
  }

  /// `direct`, `pullRequest`, or `pullRequest` with its options.
  private func pullRequests() -> PullRequestOptions? {
    enum Push: String, CaseIterable { case direct, pullRequest }
    let requests = PullRequestReader(repository: repository, absolute: absolute)
    guard let node = reader.optionalNode("push"), node.kind == .mapping else {
      guard let node = reader.optionalNode("push"), reader.optionalChoice("push", Push.self) == .pullRequest else {
        return nil
      }
      return requests.read(MappingReader(node, path: reader.path("push"), problems: reader.problems))
    }
    guard let push = reader.optionalMapping("push") else { return nil }
    defer { push.finish() }
    return push.mapping("pullRequest").flatMap(requests.read)
  }

  private func automatic(_ reader: MappingReader, _ policy: inout RollbackPolicy) {
    defer { reader.finish() }
    policy.isRehearsed = reader.optionalBool("dryRun") ?? false
    if let count = reader.optionalInt("atMost") {
      if !(1...RollbackPolicy.mostCounted).contains(count) {
        reader.report("should be from 1 to \(RollbackPolicy.mostCounted)", key: "atMost")
      }
      policy.budget.atMost = count
    }
    if let within = reader.optionalDuration("in") {
      if within < .seconds(1) { reader.report("should be at least 1s", key: "in") }
      policy.budget.within = within
    }
  }
}
