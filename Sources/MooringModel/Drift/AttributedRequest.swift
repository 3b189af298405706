/// What an API server recorded of the request that made a change.
///
/// Who it was, from where, and what was asked are the server's own words; ``client`` is the client's.
public struct AttributedRequest: Hashable, Sendable, Codable {
  /// The server's identifier of it, by which its audit log has it.
  public var id: String
  /// `patch`, `update`, `create`, `delete`, …
  public var verb: String
  /// What part of an object it was about: `scale`, `exec`.
  public var subresource: String?
  /// Groups of whoever it was from, at most 20.
  public var groups: [String]
  /// What has connected to the server: the client, or the last proxy on its way.
  public var address: String?
  /// Where proxies say that it came from.
  public var forwardedFor: [String]
  /// The client's user agent.
  public var client: String?
  /// Why the server allowed it.
  public var allowance: String?

  public init(
    id: String, verb: String, subresource: String? = nil, groups: [String] = [], address: String? = nil,
    forwardedFor: [String] = [], client: String? = nil, allowance: String? = nil
  ) {
    self.id = id
    self.verb = verb
    self.subresource = subresource
    self.groups = groups
    self.address = address
    self.forwardedFor = forwardedFor
    self.client = client
    self.allowance = allowance
  }
}

extension AttributedRequest: CustomStringConvertible {
  /// `patch of scale from 192.0.2.7, kubectl/v1.34.1, groups devs`
  public var description: String {
    let groups = self.groups.isEmpty ? nil : "groups " + self.groups.joined(separator: " ")
    let what = verb + (subresource.map { " of \($0)" } ?? "") + (address.map { " from \($0)" } ?? "")
    return [what, client, groups, allowance].compactMap { $0 }.joined(separator: ", ")
  }
}
