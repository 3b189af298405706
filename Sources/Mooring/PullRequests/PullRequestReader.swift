import Documents
import GitRemotes
import MooringModel

/// Reads `rollback.push.pullRequest`: what isn't said follows from the repository's URL, where that is enough.
struct PullRequestReader {
  let repository: RepositoryConfiguration?
  /// Makes a path absolute.
  let absolute: (String) -> String

  func read(_ reader: MappingReader) -> PullRequestOptions? {
    defer { reader.finish() }
    let remote = remote
    let provider =
      reader.optionalChoice("provider", PullRequestOptions.Provider.self) ?? remote.flatMap { .init(host: $0.host) }
    let api = reader.optionalString("api")
    let project = reader.optionalString("project") ?? remote.flatMap(Self.project)
    let token = token(reader)
    let when = reader.optionalChoice("when", PullRequestOptions.Occasion.self) ?? .always
    let method = reader.optionalChoice("method", PullRequestOptions.Method.self) ?? .merge
    let autoMerge = reader.optionalBool("autoMerge") ?? true
    let way = way(reader)
    guard let provider else {
      if !reader.has("provider") {
        reader.report("`provider` is missing: the repository's URL doesn't say which of github, gitlab and gitea it is")
      }
      return nil
    }
    guard let address = api ?? remote.map({ provider.api(of: $0.host) }) else {
      reader.report("`api` is missing, the address of the host's API: the repository's URL is a path")
      return nil
    }
    judge(address, way, reader, isNamed: api != nil)
    guard let project else {
      reader.report("`project` is missing, as in `owner/name`: the repository's URL is a path")
      return nil
    }
    if !Self.isProject(project, of: provider) {
      reader.report(
        "should be \(provider == .gitlab ? "group/name" : "owner/name")", key: reader.has("project") ? "project" : nil)
    }
    guard let token else {
      reader.report("there is no token: name one with `tokenFile` or `tokenEnvironment`")
      return nil
    }
    return PullRequestOptions(
      provider: provider, api: address.hasSuffix("/") ? String(address.dropLast()) : address, project: project,
      token: token, when: when, method: method, autoMerge: autoMerge, way: way)
  }

  // MARK: What the repository says

  private var remote: RemoteURL? {
    guard let repository else { return nil }
    do throws(RemoteError) {
      let url = try RemoteURL(repository.url, allowHTTP: repository.access.allowHTTP)
      return url.isNetwork ? url : nil
    } catch { return nil }
  }

  /// `owner/name` of `https://host/owner/name.git`.
  private static func project(of url: RemoteURL) -> String? {
    var path = url.path[...]
    while path.first == "/" { path.removeFirst() }
    while path.last == "/" { path.removeLast() }
    if path.hasSuffix(".git") { path.removeLast(4) }
    return path.isEmpty ? nil : String(path)
  }

  private func token(_ reader: MappingReader) -> TokenPlace? {
    let file = reader.optionalString("tokenFile").map(absolute)
    let variable = reader.optionalString("tokenEnvironment")
    if file != nil, variable != nil {
      reader.report("a token has one place: not beside `tokenFile`", key: "tokenEnvironment")
    }
    return file.map { .file($0) } ?? variable.map { .environment($0) } ?? repository?.access.token
  }

  private func way(_ reader: MappingReader) -> NotificationChannel.HTTPWay {
    var way = NotificationChannel.HTTPWay(
      caFile: reader.optionalString("caFile").map(absolute), allowsHTTP: reader.optionalBool("allowHTTP") ?? false,
      allowsLinkLocal: reader.optionalBool("allowLinkLocal") ?? false)
    if let timeout = reader.optionalDuration("timeout") {
      if timeout < .milliseconds(100) || timeout > .seconds(60) {
        reader.report("should be from 100ms to 60s", key: "timeout")
      }
      way.timeout = timeout
    }
    return way
  }

  // MARK: Whether it can be

  private func judge(_ api: String, _ way: NotificationChannel.HTTPWay, _ reader: MappingReader, isNamed: Bool) {
    let problem = NotificationURL.problem(with: api, way)
    if let problem { reader.report("the API's address \(problem)", key: isNamed ? "api" : nil) }
    if problem == nil, api.contains("?") || api.contains("#") {
      reader.report("should end with the API's path", key: isNamed ? "api" : nil)
    }
  }

  /// Two names, of GitLab at least two, of characters that hosts have in them: nothing that leads elsewhere in a URL.
  private static func isProject(_ project: String, of provider: PullRequestOptions.Provider) -> Bool {
    let parts = project.split(separator: "/", omittingEmptySubsequences: false)
    guard provider == .gitlab ? (2...20).contains(parts.count) : parts.count == 2 else { return false }
    return parts.allSatisfy { part in
      (1...255).contains(part.utf8.count) && part != "." && part != ".."
        && part.utf8.allSatisfy { byte in
          (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "-_.".utf8.contains(byte)
        }
    }
  }
}
