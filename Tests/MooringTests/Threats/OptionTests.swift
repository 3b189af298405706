import MooringModel
import Testing

@testable import Mooring

/// Names and URLs that become options, commands or paths: CVE-2025-21613, CVE-2026-45570, CVE-2022-24877.
@Suite("Names and URLs that become options") struct OptionTests {
  private func problems(_ url: String, branch: String = "main", path: String = "app") -> String {
    func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\\\"") + "\"" }
    let text = """
      repositories: { config: { url: \(quoted(url)), branch: \(quoted(branch)) } }
      environments:
        production: { repository: config, path: \(quoted(path)), target: { host: { root: /srv/app } } }
      """
    do {
      _ = try ConfigurationFile.parse(Array(text.utf8), path: "/etc/mooring/mooring.yaml")
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test(
    "a URL that is an option, a command or a helper is refused",
    arguments: ["--upload-pack=touch /tmp/x", "-oProxyCommand=x", "ext::sh -c x", "fd::3", "gopher://x/", ""])
  func urls(url: String) {
    #expect(problems(url).contains("repositories.config.url"))
  }

  @Test(
    "a branch that is an option or a revision's syntax is refused",
    arguments: ["--all", "main~1", "main^", "a:b", "a..b", "@{u}", ":/fix", "a b", "a.lock", "*"])
  func branches(branch: String) {
    #expect(problems("/srv/git", branch: branch).contains("repositories.config.branch"))
  }

  @Test(
    "a path that leads out of the repository or into .git is refused",
    arguments: ["../x", "/etc", "a/../b", ".git", "a//b"])
  func paths(path: String) {
    #expect(problems("/srv/git", path: path).contains("environments.production.path"))
  }
}
