/// The path of a request below the server's address, made of checked names.
struct APIPath: Hashable, Sendable, CustomStringConvertible {
  let description: String

  /// A path of the API itself, such as `/apis`.
  init(segments: [String]) throws(KubernetesError) {
    var path = ""
    for segment in segments {
      do { try NameRule.pathSegment.check(segment) } catch { throw KubernetesError(.invalid, error.description) }
      path += "/" + Self.encoded(segment)
    }
    description = path
  }

  init(groupVersion: GroupVersion) throws(KubernetesError) {
    try self.init(segments: Self.segments(of: groupVersion))
  }

  /// The collection of a resource: in one namespace, or everywhere.
  init(_ resource: APIResource, namespace: String?) throws(KubernetesError) {
    try self.init(segments: Self.segments(of: resource, namespace: namespace))
  }

  /// One object, or a subresource of it.
  init(
    _ resource: APIResource, namespace: String?, name: String, subresource: String? = nil
  ) throws(KubernetesError) {
    if resource.isNamespaced, namespace == nil {
      throw KubernetesError(.invalid, "the \(resource.kind.kind) \(PlainText.quoted(name)) needs a namespace")
    }
    let own = Self.segments(of: resource, namespace: namespace) + [name]
    try self.init(segments: own + (subresource.map { [$0] } ?? []))
  }

  private static func segments(of version: GroupVersion) -> [String] {
    version.group.isEmpty ? ["api", version.version] : ["apis", version.group, version.version]
  }

  private static func segments(of resource: APIResource, namespace: String?) -> [String] {
    let place = resource.isNamespaced ? namespace.map { ["namespaces", $0] } ?? [] : []
    return segments(of: resource.kind.groupVersion) + place + [resource.name]
  }

  /// Everything but RFC 3986's unreserved characters as `%XX`.
  static func encoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }
}
