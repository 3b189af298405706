import NIOHTTP1

/// Says why the server said no.
struct AnswerFailure {
  let request: APIRequest
  let head: HTTPResponseStatus
  let headers: HTTPHeaders
  let body: [UInt8]

  var error: KubernetesError {
    if (300..<400).contains(head.code) {
      return KubernetesError(
        .malformed, "the server sends us to another place, where nothing is sent", remedy: "correct its address",
        request: request.subject)
    }
    let status = readStatus
    let code = Self.code(Int(head.code), reason: status?.reason)
    return KubernetesError(
      code, message(status), remedy: Self.remedy(code), request: request.subject, status: status,
      retryAfter: retryAfter(status))
  }

  /// What a watch says in the middle of it.
  static func error(of status: Status, hidesValues: Bool) -> KubernetesError {
    let status = hidesValues ? status.withoutValues : status
    return KubernetesError(
      code(status.code, reason: status.reason), status.message, status: status,
      retryAfter: status.retryAfterSeconds.map { .seconds(min(max($0, 0), 86_400)) })
  }

  private var readStatus: Status? {
    // Whatever isn't a status is no more than its code.
    guard let root = try? AnswerReader(bytes: 4 << 20).root(of: body), let status = Status(root) else { return nil }
    return request.hidesValues ? status.withoutValues : status
  }

  private func message(_ status: Status?) -> String {
    if let status, !status.message.isEmpty { return status.message }
    let phrase = PlainText.plain(head.reasonPhrase, limit: 60)
    return "the server answered \(head.code) \(status?.reason ?? phrase)"
  }

  /// What the header says, in seconds; servers repeat it in the body.
  private func retryAfter(_ status: Status?) -> Duration? {
    let seconds = headers.first(name: "retry-after").flatMap { Int($0) } ?? status?.retryAfterSeconds
    return seconds.flatMap { $0 >= 0 ? .seconds(min($0, 86_400)) : nil }
  }

  private static func code(_ code: Int, reason: String?) -> KubernetesError.Code {
    switch code {
    case 401: .unauthorized
    case 403: .forbidden
    case 404: .notFound
    case 409: reason == "AlreadyExists" ? .alreadyExists : .conflict
    case 410: .expired
    case 413: .tooLarge
    case 429: .tooManyRequests
    case 405, 406, 415: .unsupported
    case 400..<500: .invalid
    case 500...: .serverFailure
    default: .malformed
    }
  }

  private static func remedy(_ code: KubernetesError.Code) -> String? {
    switch code {
    case .unauthorized: "see whether the credentials are still valid"
    case .forbidden: "see what the role of these credentials allows"
    default: nil
    }
  }
}

extension Status {
  /// Without the texts, which quote values of fields: for secrets.
  var withoutValues: Status { Status(quietly: self) }
}
