/// The header that lets us in.
struct HTTPAuthorization {
  /// Most hosts take any user beside a token.
  static let defaultUser = "git"

  let header: String

  /// `nil` without a token.
  init?(access: RemoteAccess, token: RemoteSecret?) {
    guard let token else { return nil }
    switch access.authorization ?? .basic {
    case .bearer: header = "Bearer \(token.text)"
    case .basic:
      header = "Basic " + Base64.encoded(Array("\(access.username ?? Self.defaultUser):\(token.text)".utf8))
    }
  }
}
