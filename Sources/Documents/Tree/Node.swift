/// A light view of one node of a document; it keeps the document's arena alive.
///
/// An alias is seen as what it stands for, except that `mark` is the alias's own place.
public struct Node: Sendable {
  public enum Kind: Sendable, Hashable { case mapping, sequence, scalar }

  let storage: DocumentStorage
  /// Where the node stands: itself, or an alias.
  let position: Int32
  /// What it is.
  let index: Int32

  init(_ storage: DocumentStorage, _ position: Int32) {
    self.storage = storage
    self.position = position
    index = storage.resolve(position)
  }

  var record: NodeRecord { storage.records[Int(index)] }

  public var kind: Kind {
    switch record.shape {
    case .mapping: .mapping
    case .sequence: .sequence
    case .scalar, .alias: .scalar
    }
  }

  public var isAlias: Bool { position != index }
  public var style: NodeStyle { record.style }
  /// Where it stands; line and column cost a scan of at most 4 KiB.
  public var mark: Mark {
    let range = byteRange
    let place = storage.lines.place(of: range.lowerBound, in: storage.source)
    return Mark(line: place.line, column: place.column, byteRange: range)
  }

  /// The bytes of the node in its source, with its YAML tag and anchor if it has them.
  public var byteRange: Range<Int> {
    let own = storage.records[Int(position)]
    return Int(own.start)..<max(Int(own.start), Int(own.end))
  }

  /// The YAML tag as written out, such as `tag:yaml.org,2002:str` or `!Ref`.
  public var tag: String? {
    let number = Int(record.tag)
    return storage.tags.indices.contains(number) ? storage.tags[number] : nil
  }

  /// The YAML anchor of the node, or of what an alias stands for.
  public var anchor: String? { storage.anchors[index] }

  public var scalar: Scalar? {
    guard kind == .scalar else { return nil }
    switch record.type {
    case .null: return .null
    case .true: return .bool(true)
    case .false: return .bool(false)
    case .integer: return .integer(text)
    case .float: return .float(text)
    case .string: return .string(text)
    case .date: return .date(text)
    }
  }

  /// A scalar's text as written, without quotes and escapes; empty for mappings and sequences.
  public var text: String { kind == .scalar ? storage.text(of: index) : "" }

  /// The elements of a sequence; empty for everything else.
  public var elements: [Node] {
    kind == .sequence ? storage.children(of: index).map { Node(storage, $0) } : []
  }

  /// Whether anything in the node's whole source stands for something else in it, by an anchor and an alias.
  public var hasAliases: Bool { !storage.anchors.isEmpty }

  /// The kind of value in a person's words.
  public var typeName: String {
    switch kind {
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .scalar: scalar?.typeName ?? "a scalar"
    }
  }

  /// Whether both are scalars of the same type and text.
  func isSameScalar(as other: Node) -> Bool {
    guard kind == .scalar, other.kind == .scalar, record.type == other.record.type else { return false }
    switch record.type {
    case .null, .true, .false: return true
    case .integer, .float, .string, .date: return hasSameText(as: other)
    }
  }

  func hasSameText(as other: Node) -> Bool {
    guard record.count == other.record.count else { return false }
    return storage.withText(of: index) { own in
      other.storage.withText(of: other.index) { own.elementsEqual($0) }
    }
  }
}
