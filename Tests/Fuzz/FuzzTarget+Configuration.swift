import Mooring
import MooringModel

extension FuzzTarget {
  static let configuration: [FuzzTarget] = [
    FuzzTarget(
      name: "configuration",
      seeds: [
        """
        repositories:
          config: { url: /srv/config.git, branch: main, poll: 30s, timeout: 1m }
        environments:
          production:
            repository: config
            path: [environments/production, base]
            target: { host: { root: /srv/app, persistent: [uploads], validate: [nginx, -t], reload: [nginx], keep: 3 } }
            sync: { automatic: true, prune: true }
            gates:
              - http: { url: "http://127.0.0.1:8081/healthz", within: 30s, status: 200, contains: ok }
              - tcp: { address: "127.0.0.1:5432" }
              - command: { run: [/bin/true, "{root}"], stableFor: 1s }
            rollback: { automatic: true, push: direct }
        journal: { push: true, repository: file:///srv/journal.git }

        """
      ],
      words: [
        "repositories:", "environments:", "target:", "host:", "root:", "gates:", "http:", "tcp:", "address:", "url:",
        "file://", "ssh://", "ext::", "- ", "..", "null", "[", "]:", "65536", "-1", "branch: ", "path: ",
      ]
    ) { bytes in
      let configuration = try ConfigurationFile.parse(bytes, path: "/etc/mooring/mooring.yaml")
      for repository in configuration.repositories.values {
        // Git takes what stands before `::` for a helper to start, but not behind a slash: that is a path.
        let scheme = repository.url.prefix { $0 != "/" && $0 != "[" }
        hold(!scheme.hasPrefix("-") && !scheme.contains("::"), "an unsafe URL: \(repository.url)")
        hold(!repository.branch.hasPrefix("-"), "an unsafe branch: \(repository.branch)")
      }
    },
    FuzzTarget(
      name: "relative-path", seeds: ["a/b.yaml", ".env", "a/../b"], words: ["..", "/", ".git", "\0", "\u{200c}"]
    ) { bytes in
      let path = try RelativePath(String(decoding: bytes, as: UTF8.self))
      hold(!path.components.contains("..") && !path.string.hasPrefix("/"), "an unsafe path: \(path)")
      hold(!path.components.contains { $0.lowercased() == ".git" }, "a path into .git: \(path)")
      _ = try? EnvironmentName(path.string)
    },
  ]
}
