/// Which objects are meant, in the server's own grammar: `app=web,tier!=cache`, `metadata.name=web`.
public struct ObjectSelector: Hashable, Sendable {
  public var labels: String?
  public var fields: String?

  public init(labels: String? = nil, fields: String? = nil) {
    self.labels = labels
    self.fields = fields
  }

  var query: [(name: String, value: String)] {
    [("labelSelector", labels), ("fieldSelector", fields)].compactMap { name, value in value.map { (name, $0) } }
  }
}
