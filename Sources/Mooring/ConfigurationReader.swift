import Documents
import GitRemotes
import MooringModel
import Readiness

/// Reads the mappings of a configuration. Paths in it are relative to the folder that it is in.
struct ConfigurationReader {
  let folder: String
  /// Whether journals go into a repository of their own.
  private var hasOwnJournal = false
  /// Whether API servers tell of who changed what.
  private var isToldOfAuthors = false
  /// What environments ask of changes unless they say otherwise.
  private var readiness = ReadinessPolicy()

  init(folder: String) { self.folder = folder }

  /// Reads the whole file.
  func read(_ reader: MappingReader, path: String) -> Configuration? {
    var own = self
    own.hasOwnJournal = reader.optionalMapping("journal")?.has("repository") == true
    own.isToldOfAuthors = reader.optionalMapping("server")?.has("audit") == true
    own.readiness = ReadinessReader(absolute: absolute).read(reader)
    return own.configuration(reader, path: path)
  }

  private func configuration(_ reader: MappingReader, path: String) -> Configuration? {
    var repositories: [String: RepositoryConfiguration] = [:]
    for (name, child) in reader.mappings("repositories") {
      if Self.problem(withName: name) { child.report("not a name: use letters, digits, '-', '_' and '.'") }
      repositories[name] = repository(child)
    }
    var environments: [EnvironmentName: EnvironmentConfiguration] = [:]
    var roots: [String: (name: EnvironmentName, layout: HostTargetOptions.Layout)] = [:]
    for (name, child) in reader.mappings("environments") {
      do {
        let name = try EnvironmentName(name)
        environments[name] = environment(name, child, repositories: repositories)
        guard case .host(let host)? = environments[name]?.target else { continue }
        let other = roots.updateValue((name, host.layout), forKey: host.root)
        if let other, other.layout == .switch || host.layout == .switch {
          child.optionalMapping("target")?.optionalMapping("host")?
            .report("\(other.name) has this root already: each environment needs its own", key: "root")
        }
      } catch {
        child.report(error.what)
      }
    }
    checkDrills(of: environments, reader)
    Self.spaceRenewals(of: &environments)
    let journal = reader.optionalMapping("journal").map(journal)
    let identities = reader.optionalMapping("identities").map(identities) ?? [:]
    let notifications = NotificationReader(environments: Set(environments.keys), absolute: absolute).read(reader)
    let server = reader.optionalMapping("server").map {
      ServerReader(environments: environments, absolute: absolute).read($0)
    }
    let registries = RegistryReader(absolute: absolute).read(reader)
    reader.finish()
    if environments.isEmpty, reader.problems.isEmpty { reader.report("no environments: add one under `environments`") }
    return Configuration(
      path: path, repositories: repositories, environments: environments, journal: journal ?? JournalConfiguration(),
      identities: identities, notifications: notifications, server: server, registries: registries)
  }

  /// Of many environments in clusters each keeps its Lease for longer, so that renewing them all isn't what servers do most.
  private static func spaceRenewals(of environments: inout [EnvironmentName: EnvironmentConfiguration]) {
    let inClusters = environments.values.count { if case .kubernetes = $0.target { true } else { false } }
    for (name, environment) in environments {
      guard case .kubernetes(var options) = environment.target, options.leaseDuration == nil else { continue }
      options.leaseDuration = KubernetesTargetOptions.leaseDuration(among: inClusters)
      environments[name]?.target = .kubernetes(options)
    }
  }

  /// What one environment requires of another is known when all are read.
  private func checkDrills(
    of environments: [EnvironmentName: EnvironmentConfiguration], _ reader: MappingReader
  ) {
    let requiring = environments.values.filter { $0.requiredDrill != nil }
    guard !requiring.isEmpty else { return }
    let byName = Dictionary(uniqueKeysWithValues: requiring.map { ($0.name.string, $0) })
    for (name, child) in reader.mappings("environments") {
      guard let environment = byName[name], let required = environment.requiredDrill,
        let problem = DrillReader.problem(with: required, for: environment, among: environments)
      else { continue }
      child.report(
        problem, key: "requireDrill",
        suggestion: environments[required] == nil
          ? NearestName.nearest(to: required.string, among: environments.keys.map(\.string)) : nil)
    }
  }

  /// Logins of this machine, each with a name and an address as Git writes them.
  private func identities(_ reader: MappingReader) -> [String: String] {
    defer { reader.finish() }
    var identities: [String: String] = [:]
    for login in reader.keys {
      guard let identity = reader.string(login) else { continue }
      let parts = identity.split(separator: "<", maxSplits: 1)
      if parts.count != 2 || !identity.hasSuffix(">") || !identity.contains("@") || identity.contains("\n") {
        reader.report("should be a name and an address, as in `Ann Lee <ann@example.com>`", key: login)
      }
      identities[login] = identity
    }
    return identities
  }

  private func journal(_ reader: MappingReader) -> JournalConfiguration {
    defer { reader.finish() }
    var journal = JournalConfiguration(push: reader.optionalBool("push") ?? true)
    let protection = JournalProtectionReader(absolute: absolute)
    journal.signing = reader.optionalMapping("sign").map(protection.signing)
    journal.timestamps = reader.optionalMapping("timestamp").flatMap(protection.timestamps)
    guard let url = reader.optionalString("repository") else { return journal }
    journal.access = RemoteAccessReader(reader: reader, absolute: absolute).read(url: url, key: "repository")
    journal.repository = absoluteURL(url)
    return journal
  }

  private func repository(_ reader: MappingReader) -> RepositoryConfiguration? {
    defer { reader.finish() }
    guard let url = reader.string("url") else { return nil }
    let access = RemoteAccessReader(reader: reader, absolute: absolute).read(url: url, key: "url")
    let branch = reader.optionalString("branch") ?? "main"
    if !Self.isBranch(branch) { reader.report("not a branch's name", key: "branch") }
    let poll = reader.optionalDuration("poll") ?? .seconds(30)
    let timeout = reader.optionalDuration("timeout") ?? .seconds(60)
    if poll < .milliseconds(100) { reader.report("should be at least 100ms", key: "poll") }
    if timeout < .milliseconds(100) { reader.report("should be at least 100ms", key: "timeout") }
    let verification = VerificationReader(absolute: absolute).read(reader)
    return RepositoryConfiguration(
      url: absoluteURL(url), branch: branch, poll: poll, timeout: timeout, verification: verification, access: access)
  }

  private func environment(
    _ name: EnvironmentName, _ reader: MappingReader, repositories: [String: RepositoryConfiguration]
  ) -> EnvironmentConfiguration? {
    defer { reader.finish() }
    let repository = reader.string("repository")
    if let repository, repositories[repository] == nil {
      reader.report(
        "no repository has this name", key: "repository",
        suggestion: NearestName.nearest(to: repository, among: Array(repositories.keys)))
    }
    let paths = self.paths(reader)
    let renderer = RendererReader(reader: reader, paths: paths, absolute: absolute).read() ?? RendererConfiguration()
    let target = reader.mapping("target").flatMap(self.target)
    let sync = reader.optionalMapping("sync").map(self.sync)
    let rollback = self.rollback(reader, repository.flatMap { repositories[$0] })
    let gates = reader.mappingList("gates").enumerated().compactMap {
      GateReader(index: $0, reader: $1, absolute: absolute).read()
    }
    let signals = SignalReader(absolute: absolute).read(reader)
    let verification = self.verification(reader, of: repository.flatMap { repositories[$0] })
    let drift = DriftPolicyReader(
      reader: reader.optionalMapping("drift"), onDrift: sync?.onDrift, target: target,
      isToldOfAuthors: isToldOfAuthors
    ).read()
    let drills = DrillReader(reader: reader)
    let (drillPolicy, requiredDrill) = (drills.policy(), drills.required())
    guard let repository, let target else { return nil }
    return EnvironmentConfiguration(
      name: name, repository: repository,
      definition: Definition(
        renderer: renderer.name, version: renderer.version, paths: paths, options: renderer.options),
      target: target,
      policy: Policy(
        automatic: sync?.automatic ?? true, automaticRollback: rollback.isAutomatic, rollback: rollback.policy,
        drift: drift.policy, drills: drillPolicy),
      gates: target.readiness + gates, verification: verification, secrets: drift.secrets, renderer: renderer,
      allowsPlaintextSecrets: allowsPlaintextSecrets(reader, target), pullRequests: rollback.pullRequests,
      signals: signals, readiness: ReadinessReader(absolute: absolute).read(reader, over: readiness),
      signer: rollback.signer, requiredDrill: requiredDrill)
  }

  private func rollback(
    _ reader: MappingReader, _ repository: RepositoryConfiguration?
  ) -> RollbackReader.Rollback {
    guard let rollback = reader.optionalMapping("rollback") else { return RollbackReader.Rollback() }
    return RollbackReader(reader: rollback, repository: repository, absolute: absolute).read()
  }

  /// `secrets: plaintext`
  private func allowsPlaintextSecrets(_ reader: MappingReader, _ target: TargetConfiguration) -> Bool {
    enum Secrets: String, CaseIterable { case plaintext }
    guard reader.optionalChoice("secrets", Secrets.self) != nil else { return false }
    if !target.takesObjects { reader.report("is about Kubernetes secrets: only a cluster has them", key: "secrets") }
    if hasOwnJournal {
      reader.report(
        "can't be while the journal has a repository of its own (`journal.repository`): it would hold them too",
        key: "secrets")
    }
    return true
  }

  private func verification(
    _ reader: MappingReader, of repository: RepositoryConfiguration?
  ) -> VerificationPolicy {
    let policy = VerificationReader(absolute: absolute).read(
      reader, over: repository?.verification ?? VerificationPolicy())
    VerificationReader.check(policy, of: reader)
    return policy
  }

  private func paths(_ reader: MappingReader) -> [String] {
    let paths = reader.optionalStrings("path") ?? ["."]
    if paths.isEmpty { reader.report("should name at least one path", key: "path") }
    return paths.map { path in
      let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
      if trimmed == "." { return trimmed }
      do throws(Fault) { return try RelativePath(trimmed).string } catch { reader.report(error.what, key: "path") }
      return trimmed
    }
  }

  private func target(_ reader: MappingReader) -> TargetConfiguration? {
    defer { reader.finish() }
    guard reader.has("kubernetes") else {
      return reader.mapping("host").flatMap { HostTargetReader(folder: folder, reader: $0).read() }.map { .host($0) }
    }
    if reader.has("host") { reader.report("is one of host and kubernetes; another target is another environment") }
    _ = reader.optionalMapping("host")
    return reader.mapping("kubernetes").flatMap { KubernetesTargetReader(folder: folder, reader: $0).read() }
      .map { .kubernetes($0) }
  }

  private func sync(_ reader: MappingReader) -> (automatic: Bool, onDrift: DriftPolicy.InTheWay?) {
    defer { reader.finish() }
    if reader.optionalBool("prune") == false {
      reader.report("production always runs exactly the release's files, of those that are ours", key: "prune")
    }
    return (reader.optionalBool("automatic") ?? true, reader.optionalChoice("onDrift", DriftPolicy.InTheWay.self))
  }

  private func absolute(_ path: String) -> String { ConfiguredPath.absolute(path, in: folder) }

  /// A path is made absolute; a URL is one already, and what isn't one has been reported.
  private func absoluteURL(_ text: String) -> String {
    guard !text.contains("://") else { return text }
    do throws(RemoteError) { return try RemoteURL(text).isNetwork ? text : absolute(text) } catch { return text }
  }

  // MARK: Names from outside

  private static func problem(withName name: String) -> Bool {
    do { _ = try EnvironmentName(name) } catch { return true }
    return false
  }

  private static func isBranch(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix("-") && !name.hasPrefix("/") && !name.hasSuffix("/") && !name.hasSuffix(".lock")
      && !name.contains("..") && !name.contains("@{") && !name.contains("//")
      && name.unicodeScalars.allSatisfy { $0.value > 32 && $0.value != 127 && !"~^:?*[\\".unicodeScalars.contains($0) }
  }
}

extension TargetConfiguration {
  /// Objects of a cluster are waited for; files are there when they are written.
  fileprivate var readiness: [GateConfiguration] {
    switch self {
    case .host: []
    case .kubernetes(let options):
      [
        GateConfiguration(
          name: "readiness", check: .readiness, within: options.readyWithin, interval: .milliseconds(250),
          timeout: .seconds(60))
      ]
    }
  }
}
