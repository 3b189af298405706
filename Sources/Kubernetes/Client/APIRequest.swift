import NIOHTTP1

/// One question to the server.
struct APIRequest: Sendable {
  /// What is asked, for errors: `apply Deployment.apps shop/web`.
  let subject: String
  var method = HTTPMethod.GET
  let path: APIPath
  var query: [(name: String, value: String)] = []
  var accept = "application/json"
  var contentType: String?
  var body: JSONBody?
  /// Whether it may be asked again where nobody knows whether it was done.
  var isRepeatable = true
  /// Whether the server's words may quote values that nobody is to see.
  var hidesValues = false

  /// The path with its query.
  var target: String {
    let parts = query.map { "\(APIPath.encoded($0.name))=\(APIPath.encoded($0.value))" }
    return parts.isEmpty ? path.description : "\(path)?\(parts.joined(separator: "&"))"
  }
}
