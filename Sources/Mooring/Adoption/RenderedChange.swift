import Documents
import MooringModel

/// One thing that is to be adopted, in terms of what the renderer makes: a field of a rendered object, or a whole object.
struct RenderedChange {
  enum Kind {
    case field(FieldDifference)
    case removal
    case creation(NewManifest)
  }

  let object: ObjectName
  let kind: Kind
  /// The object as it is rendered now; of one that is to be made, as it is to be.
  let root: Node
  /// The object as it is to be rendered; `nil` where it is to be gone.
  let wanted: Document?

  var apiVersion: String { root["apiVersion"]?.text ?? "" }
  var objectKind: String { root["kind"]?.text ?? "" }
  var name: String { root["metadata"]?["name"]?.text ?? "" }
  var namespace: String? { root["metadata"]?["namespace"]?.text }

  /// What it is called in an error.
  var subject: String {
    switch kind {
    case .field(let field): "\(field.path)"
    case .removal: "its deletion"
    case .creation: "it"
    }
  }
}
