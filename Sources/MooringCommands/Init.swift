import ArgumentParser
import FoundationEssentials
import MooringModel

struct Init: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a commented mooring.yaml.",
    discussion: """
      EXAMPLES
        mooring init                     write ./mooring.yaml
        mooring init /etc/mooring/mooring.yaml
        mooring init --print             print it instead
      """)

  @Argument(help: "Where to write it. An existing file is left alone.")
  var file = "mooring.yaml"

  @Flag(help: "Print it instead.")
  var print = false

  func run() async throws {
    try await running {
      if print {
        Swift.print(Self.example, terminator: "")
        return
      }
      guard !FileManager.default.fileExists(atPath: file) else {
        throw Fault(.usage, "there is a file already", at: file, remedy: "name another, or see `mooring init --print`")
      }
      do {
        try Data(Self.example.utf8).write(to: URL(filePath: file), options: .withoutOverwriting)
      } catch {
        throw Fault(.configuration, "it can't be written: \(error)", at: file)
      }
      Swift.print("wrote \(file); set `url`, `path` and `root` in it, then `mooring run --once`")
    }
  }

  static let example = """
    # Mooring's configuration. Paths are relative to this file.

    repositories:
      config:
        url: /srv/git/config.git          # a local path or file://
        branch: main
        poll: 30s                         # how often the remote is asked, give or take a tenth
        timeout: 60s                      # how long one fetch or push may take
        # verify: { policy: required, sshAllowedSigners: signers }    # only commits that these people signed

    environments:
      production:
        repository: config
        path: environments/production     # its files are the release; one path or a list
        render: plain
        target:
          host:
            root: /srv/app                # releases/, current -> releases/…, persistent/
            layout: switch
            # persistent: [uploads]       # folders that outlive releases
            # validate: [nginx, -t, -c, "{root}/nginx.conf"]   # before the switch, on the new files
            # reload: [systemctl, reload, nginx]               # after the switch
            keep: 10                      # releases that stay on the disk
        sync: { automatic: true }         # deploy new releases without being asked
        # gates:                          # must hold after a deployment
        #   - http: { url: "http://127.0.0.1:8081/healthz", within: 30s, stableFor: 2s }
        #   - tcp: { address: "127.0.0.1:8081", within: 10s }
        #   - command: { run: [/usr/local/bin/smoke-test], within: 1m }
        rollback: { automatic: true }     # a release that fails its gates is reverted

    journal: { push: true }               # push refs/mooring/journal/* to the remote
    # journal: { repository: /srv/git/journal.git }          # or to a repository of its own

    # server: { listen: "127.0.0.1:8420" }                   # GET /healthz and /readyz

    """
}
