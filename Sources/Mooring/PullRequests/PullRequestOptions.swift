public import GitRemotes
import MooringModel

/// Where pull requests for reverts are made, and how.
public struct PullRequestOptions: Sendable, Hashable {
  public enum Provider: String, Sendable, Hashable, CaseIterable { case github, gitlab, gitea }
  /// How the host is asked to merge.
  public enum Method: String, Sendable, Hashable, CaseIterable { case merge, squash, rebase }
  /// When reverts go this way.
  public enum Occasion: String, Sendable, Hashable, CaseIterable {
    case always
    /// When the branch refuses to be pushed to.
    case protected
  }

  public var provider: Provider
  /// The API's address, without a `/` at its end.
  public var api: String
  /// `owner/name`; of GitLab with all its groups.
  public var project: String
  public var token: TokenPlace
  public var when: Occasion
  public var method: Method
  /// Whether the host is asked to merge as soon as its own rules allow it.
  public var autoMerge: Bool
  public var way: NotificationChannel.HTTPWay

  public init(
    provider: Provider, api: String, project: String, token: TokenPlace, when: Occasion = .always,
    method: Method = .merge, autoMerge: Bool = true, way: NotificationChannel.HTTPWay = .init()
  ) {
    self.provider = provider
    self.api = api
    self.project = project
    self.token = token
    self.when = when
    self.method = method
    self.autoMerge = autoMerge
    self.way = way
  }
}

extension PullRequestOptions.Provider {
  /// The provider of a well-known host.
  init?(host: String) {
    switch host {
    case "github.com": self = .github
    case "gitlab.com": self = .gitlab
    case "codeberg.org", "gitea.com": self = .gitea
    default: return nil
    }
  }

  /// Where the API of a host is, as its provider's documentation says.
  func api(of host: String) -> String {
    switch self {
    case .github: host == "github.com" ? "https://api.github.com" : "https://\(host)/api/v3"
    case .gitlab: "https://\(host)/api/v4"
    case .gitea: "https://\(host)/api/v1"
    }
  }
}
