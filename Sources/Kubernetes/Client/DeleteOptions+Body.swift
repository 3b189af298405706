import Documents

extension DeleteOptions {
  /// `meta/v1` `DeleteOptions`.
  func body() throws(KubernetesError) -> JSONBody {
    var entries = [Self.entry("kind", "DeleteOptions"), Self.entry("apiVersion", "v1")]
    if let propagation { entries.append(Self.entry("propagationPolicy", propagation.rawValue)) }
    if let seconds = gracePeriodSeconds {
      entries.append(.init(key: "gracePeriodSeconds", value: .scalar(.integer(String(seconds)))))
    }
    if isDryRun { entries.append(.init(key: "dryRun", value: .sequence([.scalar(.string("All"))]))) }
    let conditions = [("uid", uid), ("resourceVersion", resourceVersion)].compactMap { key, value in
      value.map { Self.entry(key, $0) }
    }
    if !conditions.isEmpty { entries.append(.init(key: "preconditions", value: .mapping(conditions))) }
    return try JSONBody(.mapping(entries))
  }

  private static func entry(_ key: String, _ value: String) -> FieldValue.Entry {
    FieldValue.Entry(key: key, value: .scalar(.string(value)))
  }
}
