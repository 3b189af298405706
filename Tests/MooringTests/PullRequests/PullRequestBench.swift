import FoundationEssentials
import Git
import GitRemotes
import MooringModel
import MooringTestSupport

@testable import Mooring

/// A site whose branch takes no pushes, with a bad release in production, and a host of code.
struct PullRequestBench {
  let site: Site
  let workspace: Workspace
  let server: CodeHostServer
  /// The remote over a network: there its hooks run.
  let web: HTTPServer
  let clock: Clock

  /// The remote's branches.
  var branches: [String] {
    ((try? site.remote.git("for-each-ref", "--format=%(refname:short)", "refs/heads")) ?? "").split(separator: "\n")
      .map(String.init)
  }

  init(
    _ provider: PullRequestOptions.Provider = .github, when: PullRequestOptions.Occasion = .always,
    method: PullRequestOptions.Method = .merge, autoMerge: Bool = true, isProtected: Bool = true
  ) async throws {
    let site = try Site(["app/app.yaml": "a: 1\n", "app/b.yaml": "b: 1\n"])
    let server = try await CodeHostServer(provider.rawValue, repository: site.remote.path)
    try site.folder.write(CodeHostServer.token + "\n", to: "token")
    let options = PullRequestOptions(
      provider: provider, api: server.address, project: "o/n", token: .file(site.folder["token"]), when: when,
      method: method, autoMerge: autoMerge, way: .init(allowsHTTP: true, timeout: .seconds(5)))
    let (web, clock) = (try await site.serve(), Clock())
    let workspace = try await site.workspace(
      [.init(pullRequests: options)], time: clock.time, repository: site.repository(on: web))
    try await workspace.sync()
    try site.push(["app/app.yaml": "a: 2\ntoken: hunter2\n"], "Bad")
    try await workspace.sync()
    if isProtected { try site.protect() }
    (self.site, self.workspace, self.server, self.web, self.clock) = (site, workspace, server, web, clock)
  }
}

extension Site {
  func serve() async throws -> HTTPServer { try await HTTPServer(root: remote.path + "/..") }

  func repository(on web: HTTPServer) -> RepositoryConfiguration {
    let name = URL(filePath: remote.path).lastPathComponent
    return RepositoryConfiguration(
      url: "http://127.0.0.1:\(web.port)/git/\(name)", access: RemoteAccess(allowHTTP: true))
  }

  func unprotect() throws { try FileManager.default.removeItem(atPath: remote.path + "/hooks/pre-receive") }

  /// Refuses pushes to `main`, as a real hook of a real host does.
  func protect() throws {
    let hook = remote.path + "/hooks/pre-receive"
    let text =
      "#!/bin/sh\nwhile read old new ref; do [ \"$ref\" != refs/heads/main ] || { echo protected >&2; exit 1; }; done\n"
    try FileManager.default.createDirectory(atPath: remote.path + "/hooks", withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: hook))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
  }
}
