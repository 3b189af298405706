import Documents

/// Reads `verify` of a repository, or of an environment, which changes what its repository says key by key.
struct VerificationReader {
  let absolute: (String) -> String

  /// - Parameter inherited: What the repository says, where this is an environment.
  func read(_ parent: MappingReader, over inherited: VerificationPolicy = VerificationPolicy()) -> VerificationPolicy {
    var policy = inherited
    guard let node = parent.optionalNode("verify") else { return policy }
    if node.kind == .mapping, let reader = parent.optionalMapping("verify") {
      read(reader, into: &policy)
    } else if let mode = parent.optionalChoice("verify", VerificationPolicy.Mode.self) {
      policy.mode = mode
    }
    return policy
  }

  private func read(_ reader: MappingReader, into policy: inout VerificationPolicy) {
    defer { reader.finish() }
    if let mode = reader.optionalChoice("policy", VerificationPolicy.Mode.self) { policy.mode = mode }
    if let commits = reader.optionalChoice("commits", VerificationPolicy.Commits.self) { policy.commits = commits }
    if let file = file("sshAllowedSigners", reader) { policy.sshAllowedSigners = file }
    if let file = file("sshRevokedKeys", reader) { policy.sshRevokedKeys = file }
    if let files = reader.optionalStrings("openPGPKeys") {
      if files.contains(where: \.isEmpty) { reader.report("should name files", key: "openPGPKeys") }
      policy.openPGPKeys = files.map(absolute)
    }
    if let identities = reader.optionalStrings("identities") {
      if identities.isEmpty || identities.contains(where: \.isEmpty) {
        reader.report("should name at least one principal or fingerprint, or be left out", key: "identities")
      }
      policy.identities = identities
    }
    if policy.sshRevokedKeys != nil, policy.sshAllowedSigners == nil {
      reader.report("has no effect without `sshAllowedSigners`", key: "sshRevokedKeys")
    }
  }

  private func file(_ key: String, _ reader: MappingReader) -> String? {
    guard let name = reader.optionalString(key) else { return nil }
    if name.isEmpty { reader.report("should name a file", key: key) }
    return absolute(name)
  }

  /// Reports a policy under which nothing could be good, where it is in force.
  static func check(_ policy: VerificationPolicy, of environment: MappingReader) {
    guard policy.mode != .off, !policy.hasKeys else { return }
    environment.report(
      "`verify: \(policy.mode.rawValue)` without keys, so nothing could be good: name `sshAllowedSigners` or `openPGPKeys`",
      key: environment.has("verify") ? "verify" : nil)
  }
}
