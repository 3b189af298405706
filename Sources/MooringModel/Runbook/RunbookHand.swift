/// The steps that need no Mooring.
struct RunbookHand {
  private let facts: RunbookFacts

  init(_ facts: RunbookFacts) { self.facts = facts }

  private var digest: String { facts.previous.digest.hex }
  private func quoted(_ text: String) -> String { ShellWord.quoted(text) }

  // MARK: Before

  var quiet: Runbook.Step {
    Runbook.Step(
      title: "See that no watcher works",
      about:
        "A watcher would bring the bad release back. The command fails while one runs: stop it where it was started.",
      commands: [ShellWord.command(["flock", "--nonblock", facts.state + "/locks/watcher", "true"])], byHand: true)
  }

  var release: Runbook.Step {
    let repository = quoted(facts.repository)
    return Runbook.Step(
      title: "Find the release",
      about: "It is in the local repository, and in the journal on the remote where that is lost.",
      commands: [
        "work=$(mktemp -d)",
        "repository=\(repository)",
        "if ! git --git-dir \"$repository\" cat-file -e \(digest) 2>/dev/null; then",
        "  repository=\"$work/repository.git\"",
        "  git init --quiet --bare \"$repository\"",
        "  git --git-dir \"$repository\" fetch --quiet \(quoted(facts.journalURL)) \(quoted(facts.journalReference))",
        "fi",
      ], byHand: true)
  }

  // MARK: Production

  var restoration: Runbook.Step {
    switch facts.target {
    case .host(let host) where host.layout == .switch: switched(host)
    case .host(let host): inPlace(host)
    case .kubernetes(let cluster): applied(cluster)
    }
  }

  private func switched(_ host: HostTargetOptions) -> Runbook.Step {
    let place = "releases/\(digest)"
    var commands = [
      "cd \(quoted(host.root))",
      "if ! test -d \(place); then",
      "  mkdir -p releases/.by-hand",
      "  git --git-dir \"$repository\" archive \(digest) | tar -x -C releases/.by-hand",
    ]
    for path in host.persistent {
      let above = String(repeating: "../", count: path.components.count + 1)
      let parent = path.components.dropLast().joined(separator: "/")
      if !parent.isEmpty { commands.append("  mkdir -p \(quoted("releases/.by-hand/" + parent))") }
      commands.append(
        "  ln -sfn \(quoted(above + "persistent/" + path.string)) \(quoted("releases/.by-hand/" + path.string))")
    }
    commands += ["  mv -T releases/.by-hand \(place)", "fi"]
    commands += program(host.validate, root: "\(host.root)/\(place)")
    commands += ["ln -sfn \(place) .by-hand", "mv -T .by-hand current"]
    commands += program(host.reload, root: host.root + "/current")
    return Runbook.Step(
      title: "Make it live",
      about: "`current` changes by one rename; the folder of the release is still there as long as"
        + " it is among the last \(host.keep).", commands: commands, byHand: true)
  }

  private func inPlace(_ host: HostTargetOptions) -> Runbook.Step {
    let root = quoted(host.root)
    var commands = [
      "git --git-dir \"$repository\" -c tar.umask=0022 archive \(digest) | tar -x --no-same-owner -C \(root)"
        + " --exclude=.mooring-attributes"
    ]
    commands += facts.surplusFiles.map { "rm -f -- \(quoted(host.root + "/" + $0))" }
    commands += program(host.validate, root: host.root) + program(host.reload, root: host.root)
    return Runbook.Step(
      title: "Put the files back",
      about: "Over the ones that are there; what only the bad release had is removed. Modes and owners that"
        + " `.mooring-attributes` or the configuration declare are not set: set those that matter.",
      commands: commands, byHand: true)
  }

  /// A program of the operator's, with what `{root}` and `{release}` stand for.
  private func program(_ arguments: [String]?, root: String) -> [String] {
    guard let arguments else { return [] }
    return [
      ShellWord.command(
        arguments.map { $0.replacing("{release}", with: digest).replacing("{root}", with: root) })
    ]
  }

  private func applied(_ cluster: KubernetesTargetOptions) -> Runbook.Step {
    var kubectl = ["kubectl"]
    if let kubeconfig = cluster.kubeconfig { kubectl += ["--kubeconfig", kubeconfig] }
    if let context = cluster.context { kubectl += ["--context", context] }
    let manager = KubernetesTargetOptions.fieldManager(of: "\(facts.environment)", in: cluster.namespace)
    let apply = ShellWord.command(
      kubectl + [
        "--namespace", cluster.namespace, "apply", "--server-side", "--force-conflicts", "--field-manager", manager,
        "--recursive", "--filename",
      ])
    var commands = [
      "mkdir \"$work/release\"",
      "git --git-dir \"$repository\" archive \(digest) | tar -x -C \"$work/release\"",
      apply + " \"$work/release\"",
    ]
    commands += facts.surplusObjects.map { object in
      ShellWord.command(
        kubectl + [
          "--namespace", object.namespace ?? cluster.namespace, "delete", "--ignore-not-found",
          "\(object.kind)/\(object.name)",
        ])
    }
    return Runbook.Step(
      title: "Apply it",
      about: "As Mooring itself does, under its own field manager; what only the bad release had is"
        + " deleted.", commands: commands, byHand: true)
  }

  // MARK: After

  var checks: Runbook.Step? {
    guard !facts.checks.isEmpty else { return nil }
    return Runbook.Step(
      title: "See whether it works", about: "The environment's gates, asked once.",
      commands: facts.checks.map { ShellWord.command($0.command) }, byHand: true)
  }

  var revert: Runbook.Step {
    var commands = [
      ShellWord.command(["git", "clone", "--quiet", "--branch", facts.branch, facts.url]) + " \"$work/clone\"",
      "cd \"$work/clone\"",
    ]
    for input in facts.inputs {
      commands.append(ShellWord.command(["git", "rm", "-r", "--quiet", "--ignore-unmatch", "--", input.path]))
      guard input.isThere else { continue }
      commands.append(
        ShellWord.command(["git", "checkout", "--quiet", facts.previous.revision.hex, "--", input.path]))
    }
    commands.append(
      ShellWord.command(
        ["git"] + facts.signing + [
          "commit", "--quiet", "--message", "Revert \(facts.environment) to \(facts.previous.label), by hand",
        ]))
    commands.append(push)
    return Runbook.Step(
      title: "Revert it in Git",
      about:
        "So that Git and production agree. The commit is the one that \(facts.previous.label) was made of; it undoes"
        + " what later ones changed in these inputs." + review, commands: commands, byHand: true)
  }

  /// Its name doesn't begin as those do that Mooring makes and deletes.
  private var reviewed: String { "by-hand/revert-\(facts.environment)" }

  private var push: String {
    func push(to branch: String) -> String {
      ShellWord.command(["git", "push", "--quiet", "origin", "HEAD:refs/heads/\(branch)"])
    }
    return switch facts.way {
    case .push: push(to: facts.branch)
    case .pullRequest(_, true): push(to: reviewed)
    case .pullRequest(_, false): push(to: facts.branch) + " || " + push(to: reviewed)
    }
  }

  private var review: String {
    switch facts.way {
    case .push: ""
    case .pullRequest(let project, let always):
      " \(always ? "Then" : "Where the branch refuses it") make a pull request of `\(reviewed)` into `\(facts.branch)`"
        + " in the project `\(project)`, and have it merged."
    }
  }

  var afterwards: Runbook.Step {
    Runbook.Step(
      title: "When Mooring is back",
      about: "It takes the revert for a release of its own, and finds production there already: `mooring sync"
        + " \(facts.environment)`, then `mooring drift \(facts.environment)`.", commands: [], byHand: true)
  }
}
