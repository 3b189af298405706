import Git
import MooringJournal
public import MooringModel

extension Workspace {
  /// How to take an environment back, as it is configured and deployed now. Works offline.
  ///
  /// - Throws: `Fault` where nothing verified ran before.
  public func runbook(_ context: EnvironmentContext) throws -> Runbook {
    Runbook(try context.runbookFacts(configuration: configuration.path))
  }
}

extension EnvironmentContext {
  fileprivate func runbookFacts(configuration path: String) throws -> RunbookFacts {
    let state = try head().state
    guard let previous = state.previous?.release else {
      throw Fault(
        .notFound, "\(name) has no verified release to go back to",
        remedy: "deploy a second one; until then there is nothing to write down")
    }
    let surplus = try surplus(of: state.deployed?.release.digest, over: previous.digest)
    return RunbookFacts(
      environment: name, url: Redaction.url(repository.configuration.url), branch: repository.configuration.branch,
      inputs: try inputs(at: previous.revision), target: place, running: state.deployed?.release, previous: previous,
      surplusFiles: surplus,
      surplusObjects: try surplusObjects(of: state.deployed?.release.digest, over: previous.digest),
      checks: configuration.gates.compactMap(check), repository: repository.git.path,
      journalReference: Journal.reference(of: name), journalURL: Redaction.url(repository.journalURL),
      configuration: path, state: self.state.path, way: way, signing: configuration.signer?.gitOptions ?? [])
  }

  private var way: RunbookFacts.Way {
    configuration.pullRequests.map { .pullRequest(project: $0.project, always: $0.when == .always) } ?? .push
  }

  private var place: RunbookFacts.Target {
    switch configuration.target {
    case .host(let options): .host(options)
    case .kubernetes(let options): .kubernetes(options)
    }
  }

  private func inputs(at revision: Revision) throws -> [RunbookFacts.Input] {
    let tree = try repository.git.commit(revision.object).tree
    return try configuration.definition.paths.map { path in
      RunbookFacts.Input(path: path, isThere: try path == "." || repository.git.entry(at: path, in: tree) != nil)
    }
  }

  private func surplus(of running: ReleaseDigest?, over previous: ReleaseDigest) throws -> [String] {
    guard let running, repository.git.contains(try running.object) else { return [] }
    return try repository.git.changes(from: previous.object, to: running.object).filter { $0.kind == .added }.map(
      \.path)
  }

  /// Objects of the running release that the previous one doesn't have. What can't be read names none.
  private func surplusObjects(of running: ReleaseDigest?, over previous: ReleaseDigest) throws -> [RunbookFacts.Object]
  {
    guard configuration.target.takesObjects, let running, repository.git.contains(try running.object) else { return [] }
    let kept = Set(try objects(of: previous))
    return try objects(of: running).filter { !kept.contains($0) }
  }

  private func objects(of digest: ReleaseDigest) throws -> [RunbookFacts.Object] {
    let contents = try StoredRelease(digest, in: repository.git)
    return try contents.files().filter { file in
      file.kind != .link && [".yaml", ".yml", ".json"].contains { file.path.string.hasSuffix($0) }
    }.flatMap { file -> [RunbookFacts.Object] in
      guard let bytes = contents.bytes(at: file.path.string, limit: Self.largestCompared),
        let read = try? RenderedObjects(printed: bytes, nested: false)
      else { return [] }
      return read.objects.map { object in
        let group = object.apiVersion.split(separator: "/").dropLast().first.map { ".\($0)" } ?? ""
        return RunbookFacts.Object(
          kind: object.kind.lowercased() + group, namespace: object.namespace, name: object.name)
      }
    }
  }

  private func check(_ gate: GateConfiguration) -> RunbookFacts.Check? {
    switch gate.check {
    case .http(let url, 200, nil):
      RunbookFacts.Check(
        name: gate.name,
        command: [
          "curl", "--silent", "--show-error", "--fail", "--output", "/dev/null", "--retry", "10",
          "--retry-connrefused", "--retry-delay", "1", url,
        ])
    case .command(let arguments):
      RunbookFacts.Check(
        name: gate.name,
        command: arguments.map { $0.replacing("{root}", with: configuration.target.root ?? "{root}") })
    case .http, .tcp, .prometheus, .readiness: nil
    }
  }
}

extension CommitSigner {
  /// Options of git with which it signs as this does.
  fileprivate var gitOptions: [String] {
    let (format, key) =
      switch self.key {
      case .ssh(let file): ("ssh", file)
      case .openPGP(let key, _): ("openpgp", key)
      }
    return ["-c", "gpg.format=\(format)", "-c", "user.signingKey=\(key)", "-c", "commit.gpgSign=true"]
  }
}
