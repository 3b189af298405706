import Documents
import MooringModel

/// Which document of a file an object is, or which item of a list in it.
struct ManifestSite: Hashable, Comparable {
  let format: DocumentFormat
  let document: Int
  let item: Int?

  init(_ origin: ObjectOrigin) {
    format = Self.format(of: origin.file.string)
    document = origin.document
    item = origin.item
  }

  static func format(of path: String) -> DocumentFormat { path.hasSuffix(".json") ? .json : .yaml }

  /// Where the object begins in the document.
  var prefix: FieldPath { item.map { FieldPath([.key("items"), .index($0)]) } ?? .root }

  static func < (a: Self, b: Self) -> Bool { (a.document, a.item ?? -1) < (b.document, b.item ?? -1) }
}
