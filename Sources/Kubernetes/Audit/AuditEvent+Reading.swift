import Documents

extension AuditEvent {
  /// - Returns: `nil` where it lacks what every event has.
  init?(_ node: Node) {
    guard let id = Self.text(node["auditID"]), let stage = Self.text(node["stage"]),
      let verb = Self.text(node["verb"]), let user = node["user"].flatMap(AuditUser.init),
      let received = Self.text(node["requestReceivedTimestamp"]), let completed = Self.text(node["stageTimestamp"])
    else { return nil }
    self.id = id
    self.stage = stage
    self.verb = verb
    self.user = user
    self.received = received
    self.completed = completed
    impersonated = node["impersonatedUser"].flatMap(AuditUser.init)
    addresses = (node["sourceIPs"]?.elements ?? []).suffix(Self.addressLimit).compactMap(Self.text)
    userAgent = Self.text(node["userAgent"]) ?? ""
    object = node["objectRef"].flatMap(AuditObject.init)
    code = node["responseStatus"]?["code"]?.scalar?.intValue.flatMap(Int.init(exactly:))
    let query = RequestQuery(node["requestURI"]?.text ?? "")
    fieldManager = query["fieldManager"].map(Self.bounded) ?? Self.manager(of: userAgent)
    isDryRun = query["dryRun"] != nil
    allowance = Self.text(node["annotations"]?["authorization.k8s.io/reason"])
  }

  private static let addressLimit = 4

  /// What the server calls who names no manager: the beginning of the user agent (apiserver,
  /// `pkg/endpoints/handlers/create.go`, `prefixFromUserAgent`).
  private static func manager(of userAgent: String) -> String {
    String(userAgent.prefix { $0 != "/" }.prefix(128))
  }

  /// A string that isn't empty.
  static func text(_ node: Node?) -> String? {
    guard let text = node?.scalar?.stringValue, !text.isEmpty else { return nil }
    return bounded(text)
  }

  private static func bounded(_ text: String) -> String { PlainText.plain(text, limit: textLimit) }
}

extension AuditUser {
  init?(_ node: Node) {
    guard let name = AuditEvent.text(node["username"]) else { return nil }
    self.name = name
    groups = (node["groups"]?.elements ?? []).prefix(Self.groupLimit).compactMap(AuditEvent.text)
  }
}

extension AuditObject {
  init?(_ node: Node) {
    guard let resource = AuditEvent.text(node["resource"]) else { return nil }
    self.resource = resource
    group = AuditEvent.text(node["apiGroup"]) ?? ""
    subresource = AuditEvent.text(node["subresource"])
    namespace = AuditEvent.text(node["namespace"])
    name = AuditEvent.text(node["name"])
  }
}
