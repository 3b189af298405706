import GitRemotes
import Mooring
import MooringModel
import Testing

/// Reading `mooring.yaml`.
@Suite struct ConfigurationTests {
  private func problems(_ text: String) -> String {
    do {
      _ = try ConfigurationFile.parse(Array(text.utf8), path: "/etc/mooring/mooring.yaml")
      return ""
    } catch {
      return "\(error)"
    }
  }

  private static let host = "target: { host: { root: /srv/app } }"

  /// One environment with these keys beside a repository and a target.
  private static func environment(_ keys: String) -> String {
    "repositories: { config: { url: /srv/git } }\nenvironments: { production: { repository: config, \(host), \(keys) } }"
  }

  private static func repository(_ keys: String) -> String {
    "repositories: { config: { \(keys) } }\nenvironments: { production: { repository: config, \(host) } }"
  }

  private static func target(_ keys: String) -> String {
    "repositories: { config: { url: /srv/git } }\nenvironments: { production: { repository: config, target: { \(keys) } } }"
  }

  @Test(arguments: [
    (repository("url: git://x/y.git"), "mooring.yaml:1:32: repositories.config.url: the scheme \"git\" is not allowed"),
    (repository("url: \"https://x:hunter2@y/z\""), "credentials in it; take them out"),
    (repository("url: \"ssh://-oProxyCommand=x/z\""), "neither a name nor an address"),
    (repository("url: http://x/y.git"), "set `allowHTTP: true`"),
    (repository("url: https://x/y, ssh: { key: /z }"), "config.ssh: goes with an ssh:// URL only"),
    (repository("url: https://x/y, tokenFile: /t, tokenEnvironment: T"), "a token has one place"),
    (repository("url: https://x/y, username: me"), "there is no token"),
    (repository("url: https://x/y, tokenFile: ~/t"), "without `~`"),
    (repository("url: https://x/y, clientKey: /k"), "there is no `clientCertificate`"),
    (repository("url: https://x/y, proxy: \"socks://x:1\""), "isn't http://host:port"),
    (repository("url: https://x/y, authorization: digest, tokenFile: /t"), "should be one of basic"),
    (repository("url: https://x/y, tokenFil: /t"), "did you mean \"tokenFile\"?"),
    (repository("url: https://x/y, allowHTTP: true"), "goes with an http:// URL only"),
    (repository("url: https://x/y, stall: 1ms"), "stall: should be at least 100ms"),
    (repository("url: \"git@x:y\", ssh: { passphraseFile: /p }"), "there is no `key` to open"),
    (repository("url: \"git@x:y\", ssh: { kye: /p }"), "did you mean \"key\"?"),
    (repository("url: -x"), "not a URL or a path"),
    (repository("url: \"ext::sh\""), "remote helpers"),
    (repository("branch: main"), "repositories.config.url: missing"),
    (repository("url: /x, branch: \"a..b\""), "not a branch's name"),
    (repository("url: /x, branch: --all"), "not a branch's name"),
    (repository("url: /x, poll: 1ms"), "poll: should be at least 100ms"),
    (repository("url: /x, poll: 30"), "did you mean \"30s\"?"),
    (repository("url: /x, timeout: 1ms"), "timeout: should be at least 100ms"),
    (repository("url: /x, tokenFile: /y"), "goes with an https:// URL only"),
    (repository("url: 5"), "should be a string"),
    (environment("pth: app"), "unknown key; did you mean \"path\"?"),
    (environment("path: ../x"), "path"), (environment("path: /x"), "absolute"),
    (environment("path: []"), "at least one"),
    (environment("path: .git"), "it names .git"),
    (environment("render: helm"), "helm needs options"),
    (environment("sync: { automatic: yes }"), "did you mean \"true\"?"),
    (environment("sync: { prune: false }"), "always runs exactly"),
    (environment("verify: required"), "production.verify: `verify: required` without keys"),
    (environment("verify: { policy: warn }"), "without keys"),
    (environment("verify: always"), "should be one of required, warn, off"),
    (environment("verify: { policy: off, sshAllowedSigner: x }"), "did you mean \"sshAllowedSigners\"?"),
    (environment("verify: { commits: last }"), "should be one of tip, all"),
    (environment("verify: { sshRevokedKeys: /x }"), "has no effect without `sshAllowedSigners`"),
    (environment("verify: { policy: required, openPGPKeys: [/x], identities: [] }"), "at least one principal"),
    (repository("url: /x, verify: required"), "environments.production: `verify: required` without keys"),
    (environment("drift: { onDetect: restore }"), "should be one of alert, heal"),
    (environment("drift: { ignore: [\"a[b]\"] }"), "not a pattern"),
    (environment("drift: { ignore: [\"a.yaml:b..c\"] }"), "not a field's path"),
    (environment("drift: { settle: 1ms }"), "should be from 20ms to 60s"),
    (environment("drift: { scan: 100ms }"), "at least 1s"),
    (environment("drift: { watch: [../etc] }"), "drift.watch"),
    (environment("drift: { paths: [ { path: a } ] }"), "onDetect: missing"),
    (environment("drift: { paths: [ { path: a, onDetect: heal, then: x } ] }"), "unknown key"),
    (environment("sync: { onDrift: ask }"), "should be one of stop, overwrite"),
    ("identities: { ann: Ann }", "should be a name and an address"),
    (environment("rollback: { push: pullRequest }"), "rollback.push: `provider` is missing"),
    (environment("rollback: { sign: {} }"), "rollback.sign: should have exactly one of sshKey and gpgKey"),
    (environment("rollback: { sign: { sshKey: /k, gpgHome: /h } }"), "goes with `gpgKey` only"),
    (environment("rollback: { sign: { gpgKey: \"-x\" } }"), "should be a key's fingerprint"),
    (environment("rollback: { sign: { shsKey: /k } }"), "did you mean \"sshKey\"?"),
    (environment("rollback: { push: merge }"), "should be one of direct, pullRequest"),
    (environment("rollback: { push: { pullRequst: {} } }"), "did you mean \"pullRequest\"?"),
    (environment("rollback: { push: { pullRequest: { provider: githup } } }"), "did you mean \"github\"?"),
    (environment("rollback: { push: { pullRequest: { provider: gitea } } }"), "`api` is missing"),
    (
      environment("rollback: { push: { pullRequest: { provider: gitea, api: \"https://x/api/v1\" } } }"),
      "`project` is missing"
    ),
    (
      environment("rollback: { push: { pullRequest: { provider: gitea, api: \"https://x\", project: ../x } } }"),
      "should be owner/name"
    ),
    (
      environment("rollback: { push: { pullRequest: { provider: gitea, api: \"http://x\", project: o/n } } }"),
      "pullRequest.api: the API's address http:// can be read"
    ),
    (
      environment("rollback: { push: { pullRequest: { provider: gitea, api: \"https://x\", project: o/n } } }"),
      "there is no token"
    ),
    (
      environment("rollback: { push: { pullRequest: { tokenFil: /x } } }"),
      "rollback.push.pullRequest.tokenFil: unknown key; did you mean \"tokenFile\"?"
    ),
    (environment("rollback: { automatic: maybe }"), "rollback.automatic: should be true or false"),
    (
      environment("rollback: { automatic: { atMots: 3 } }"),
      "rollback.automatic.atMots: unknown key; did you mean \"atMost\"?"
    ),
    (environment("rollback: { automatic: { atMost: 0 } }"), "should be from 1 to 100"),
    (environment("rollback: { automatic: { in: 10 } }"), "did you mean \"10s\"?"),
    (environment("rollback: { automatic: { dryRun: yes } }"), "did you mean \"true\"?"),
    (environment("rollback: { quarantineFor: 1s }"), "quarantineFor: should be at least 1m"),
    (environment("rollback: { dryRun: true }"), "rollback.dryRun: unknown key"),
    (environment("gates: { http: {} }"), "should be a list"),
    (environment("gates: [ {} ]"), "exactly one of http, tcp, command and prometheus"),
    (environment("gates: [ { tcp: { address: x }, command: { run: [y] } } ]"), "exactly one of"),
    (environment("gates: [ { tcp: { address: \"x:99999\" } } ]"), "should be host:port"),
    (environment("gates: [ { command: { run: [] } } ]"), "should name a program"),
    (environment("gates: [ { http: { url: \"http://x\", within: 1s, stableFor: 2s } } ]"), "longer than `within`"),
    (environment("gates: [ { http: { url: \"http://x\", status: ok } } ]"), "should be an integer"),
    (target("kubernetes: { kubeconfg: /x }"), "kubeconfig"),
    (target("kubernetes: { context: prod }"), "is a context of a kubeconfig, and none is named"),
    (target("kubernetes: { takeOverFrom: [mooring-other@shop] }"), "nothing is taken from another environment"),
    (target("kubernetes: { clusterObject: true }"), "clusterObjects"),
    (target("kubernetes: { clusterObjects: many }"), "clusterObjects"),
    (target("kubernetes: { prune: { share: half } }"), "should be a share such as 50%"),
    (target("kubernetes: {}, host: { root: /x }"), "is one of host and kubernetes"),
    (target("host: { root: /x, layout: inPlac }"), "inPlace"),
    (target("host: { root: /x, layout: inPlace, persistent: [y] }"), "belongs to the switch layout"),
    (target("host: { root: /x, layout: inPlace, onForeign: take }"), "should be one of stop, adopt, replace"),
    (target("host: { root: /x, layout: inPlace, attributes: [\"* mode=4755\"] }"), "setuid"),
    (target("host: { root: /x, onForeign: adopt }"), "belongs to the inPlace layout"),
    (target("host: { root: /x, keep: 1 }"), "at least 2"),
    (target("host: { root: /x, persistent: [../y] }"), "persistent"),
    (target("host: {}"), "root: missing"),
    ("environments: { \"a b\": {} }", "not an environment's name"),
    ("repositories: { \"..\": { url: /x } }", "not a name"),
    ("repositories: {}\n---\nenvironments: {}", "2 documents"),
    ("repositories: { a: { url: /x } }\nrepositories: {}", "repositories"),
  ])
  func whatIsWrongIsSaidWithItsPlace(_ text: String, _ words: String) {
    let said = problems(text)
    #expect(said.contains(words), "\(said)")
    #expect(said.hasPrefix("/etc/mooring/mooring.yaml:"), "\(said)")
    #expect(said.contains("mooring init"))
  }

  @Test func everythingThatIsWrongIsSaidAtOnceInTheOrderOfTheFile() {
    let said = problems(
      """
      repositories:
        config: { url: https://x, pol: 3s }
      environments:
        production: { repository: confg, target: { host: { root: /x } }, gate: [] }
      serve: {}
      """
    ).split(separator: "\n")
    #expect(said.count == 6, "\(said)")
    #expect(said.dropLast().map { $0.split(separator: ":")[1] } == ["2", "2", "4", "4", "5"])
  }

  @Test func everyWayToARemoteIsRead() throws {
    let configuration = try ConfigurationFile.parse(
      Array(
        """
        repositories:
          web:
            url: https://git.example.com/a.git
            tokenFile: token
            username: me
            caFile: /ca.pem
            clientCertificate: c.pem
            clientKey: k.pem
            proxy: "http://proxy:3128"
            stall: 5s
          shell:
            url: git@git.example.com:a.git
            ssh: { key: id, passphraseFile: /p, agent: true, knownHosts: hosts, certAuthority: true }
          plain: { url: "http://localhost/a.git", allowHTTP: true, tokenEnvironment: T, authorization: bearer }
        environments: { production: { repository: web, \(Self.host) } }
        journal: { repository: "https://git.example.com/j.git", tokenFile: /j }
        """.utf8), path: "/etc/mooring/mooring.yaml")
    #expect(
      configuration.repositories["web"]?.access
        == RemoteAccess(
          username: "me", token: .file("/etc/mooring/token"), caFile: "/ca.pem",
          clientCertificate: "/etc/mooring/c.pem", clientKey: "/etc/mooring/k.pem", proxy: "http://proxy:3128",
          stall: .seconds(5)))
    #expect(configuration.repositories["shell"]?.url == "git@git.example.com:a.git")
    #expect(
      configuration.repositories["shell"]?.access.ssh
        == SSHAccess(
          key: "/etc/mooring/id", passphraseFile: "/p", agent: true, knownHosts: "/etc/mooring/hosts",
          certAuthority: true))
    #expect(
      configuration.repositories["plain"]?.access
        == RemoteAccess(token: .environment("T"), authorization: .bearer, allowHTTP: true))
    #expect(configuration.journal.access.token == .file("/j"))
  }

  @Test func everyKeyIsRead() throws {
    let configuration = try ConfigurationFile.parse(
      Array(
        """
        repositories:
          config: { url: git/config.git, branch: live, poll: 5s, timeout: 1m }
        environments:
          production:
            repository: config
            path: [base/, environments/production]
            render: plain
            target:
              host:
                { root: app, persistent: [logs], validate: [nginx, -t], reload: [nginx], validateWithin: 5s,
                  reloadWithin: 6s, keep: 3 }
            sync: { automatic: false }
            rollback: { automatic: false, push: direct }
            gates:
              - http: { url: "http://127.0.0.1:1/x", status: 204, contains: ok, within: 3s, stableFor: 1s, interval: 1ms }
              - tcp: { name: port, address: "localhost:80", timeout: 1s }
              - command: { run: /bin/true }
        journal: { push: false }
        """.utf8), path: "/etc/mooring/mooring.yaml")
    let repository = try #require(configuration.repositories["config"])
    #expect(
      repository
        == RepositoryConfiguration(
          url: "/etc/mooring/git/config.git", branch: "live", poll: .seconds(5), timeout: .seconds(60)))
    let environment = try #require(configuration.environments[EnvironmentName("production")])
    #expect(environment.definition.paths == ["base", "environments/production"])
    #expect(environment.policy == Policy(automatic: false, automaticRollback: false))
    #expect(
      environment.target
        == .host(
          HostTargetOptions(
            root: "/etc/mooring/app", persistent: [try RelativePath("logs")], validate: ["nginx", "-t"],
            reload: ["nginx"], validateTimeLimit: .seconds(5), reloadTimeLimit: .seconds(6), keep: 3)))
    #expect(environment.gates.map(\.name) == ["http://127.0.0.1:1/x", "port", "/bin/true"])
    #expect(environment.gates[0].check == .http(url: "http://127.0.0.1:1/x", status: 204, contains: "ok"))
    #expect(environment.gates[0].stableFor == .seconds(1))
    #expect(environment.gates[0].interval == .milliseconds(10), "not a busy loop")
    #expect(environment.gates[1].check == .tcp(host: "localhost", port: 80))
    #expect(environment.gates[2].check == .command(["/bin/true"]))
    #expect(!configuration.journal.push)
  }

  @Test func rootsAreMadeAbsoluteAndPlain() throws {
    func root(_ written: String) throws -> String {
      let configuration = try ConfigurationFile.parse(
        Array(Self.target("host: { root: \(written) }").utf8), path: "/etc/mooring/mooring.yaml")
      guard case .host(let host)? = configuration.environments.values.first?.target else { return "" }
      return host.root
    }
    #expect(try root("./app") == "/etc/mooring/app")
    #expect(try root("../app/") == "/etc/app")
    #expect(try root("/srv/./app/../shop") == "/srv/shop")
  }

  @Test func twoEnvironmentsMayNotShareARoot() {
    let said = problems(
      """
      repositories: { config: { url: /srv/git } }
      environments:
        production: { repository: config, target: { host: { root: /srv/app } } }
        staging: { repository: config, target: { host: { root: /srv/app/ } } }
      """)
    #expect(said.contains("mooring.yaml:4:"), "\(said)")
    #expect(said.contains("staging.target.host.root: production has this root already"))
  }

  @Test(arguments: [("inPlace", "inPlace", true), ("inPlace", "switch", false), ("switch", "inPlace", false)])
  func onlyEnvironmentsInPlaceMayShareARoot(_ first: String, _ second: String, _ mayShare: Bool) {
    let text = """
      repositories: { config: { url: /srv/git } }
      environments:
        production: { repository: config, target: { host: { root: /srv/app, layout: \(first) } } }
        staging: { repository: config, target: { host: { root: /srv/app, layout: \(second) } } }
      """
    if mayShare {
      #expect(throws: Never.self) { try ConfigurationFile.parse(Array(text.utf8), path: "/etc/mooring/mooring.yaml") }
    } else {
      #expect(problems(text).contains("staging.target.host.root: production has this root already"))
    }
  }

  @Test func anEnvironmentChangesWhatItsRepositoryAsksOfSignaturesKeyByKey() throws {
    let text = """
      repositories:
        config: { url: /x, verify: { policy: required, commits: all, sshAllowedSigners: signers } }
      environments:
        production: { repository: config, target: { host: { root: /srv/a } } }
        staging: { repository: config, target: { host: { root: /srv/b } }, verify: warn }
        tests: { repository: config, target: { host: { root: /srv/c } }, verify: { policy: off, openPGPKeys: /keys } }
      """
    let read = try ConfigurationFile.parse(Array(text.utf8), path: "/etc/mooring/mooring.yaml")
    func policy(_ name: String) throws -> VerificationPolicy? {
      read.environments[try EnvironmentName(name)]?.verification
    }
    let signers = "/etc/mooring/signers"
    #expect(
      try policy("production") == VerificationPolicy(.required, commits: .all, sshAllowedSigners: signers))
    #expect(try policy("staging") == VerificationPolicy(.warn, commits: .all, sshAllowedSigners: signers))
    #expect(
      try policy("tests")
        == VerificationPolicy(.off, commits: .all, sshAllowedSigners: signers, openPGPKeys: ["/keys"]))
  }

  @Test(arguments: [
    ("https://github.com/o/n.git", "pullRequest", PullRequestOptions.Provider.github, "https://api.github.com", "o/n"),
    ("https://gitlab.com/group/sub/n.git", "pullRequest", .gitlab, "https://gitlab.com/api/v4", "group/sub/n"),
    ("https://codeberg.org/o/n", "pullRequest", .gitea, "https://codeberg.org/api/v1", "o/n"),
    (
      "https://git.example.com/o/n", "{ pullRequest: { provider: github, method: squash, when: protected } }", .github,
      "https://git.example.com/api/v3", "o/n"
    ),
  ])
  func whereReviewsAreFollowsFromTheRepository(
    url: String, push: String, provider: PullRequestOptions.Provider, api: String, project: String
  ) throws {
    let text =
      "repositories: { config: { url: \"\(url)\", tokenFile: /t } }\nenvironments: { production: { repository: config,"
      + " \(Self.host), rollback: { push: \(push) } } }"
    let configuration = try ConfigurationFile.parse(Array(text.utf8), path: "/etc/mooring/mooring.yaml")
    let options = try #require(configuration.environments[EnvironmentName("production")]?.pullRequests)
    #expect(options.provider == provider && options.api == api && options.project == project)
    #expect(options.token == .file("/t"))
    #expect((options.when == .protected && options.method == .squash) == push.contains("squash"))
  }
}
