/// Where a user's credentials are.
struct CredentialPlaces: Sendable {
  enum Authorization: Sendable {
    case none
    case token(Secret)
    case tokenFile(CredentialFile)
    case basic(user: String, password: Secret)
    case exec(ExecPlugin)
  }

  enum Material: Sendable {
    case data([UInt8])
    case file(CredentialFile)

    func read() throws(KubernetesError) -> [UInt8] {
      switch self {
      case .data(let bytes): bytes
      case .file(let file): try file.read()
      }
    }
  }

  struct Identity: Sendable {
    let certificate: Material
    let key: Material
  }

  /// Whose they are, for errors: `the user "admin"`.
  let what: String
  var authorization = Authorization.none
  var identity: Identity?
}

extension CredentialPlaces: CustomStringConvertible, CustomReflectable {
  var description: String { what }
  var customMirror: Mirror { Mirror(self, children: []) }
}
