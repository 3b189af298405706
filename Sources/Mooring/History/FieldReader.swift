import Documents
import Git
import MooringModel

/// Reads tables of fields, and remembers what it has found out about names, and objects that it has read before.
final class FieldReader {
  private let repository: Repository
  private let rules: SecretRules
  /// The resource that is asked for; `nil` for the file as a whole.
  private let resource: ObjectName?
  private var secretPaths: [String: Bool] = [:]
  private var pieces = KnownPieces<[ReadDocument]>(most: 5_000)

  init(_ repository: Repository, _ rules: SecretRules, resource: ObjectName?) {
    self.repository = repository
    self.rules = rules
    self.resource = resource
  }

  /// Why a file can't be read by field, as its name promises.
  struct Unreadable: Error {
    var problem: String
  }

  /// - Throws: `Unreadable`.
  /// - Returns: `nil` where the resource isn't in the file.
  func table(of blob: ObjectID, at path: [UInt8], _ mode: TreeEntry.Mode) throws -> FieldTable? {
    guard mode.isBlob, try repository.blobSize(blob) <= FileObjects.largest else {
      if mode.isBlob, resource != nil { throw Unreadable(problem: "more than \(FileObjects.largest) bytes") }
      return whole(mode.isBlob ? "a large file" : "another repository", blob, isSecret: false)
    }
    let bytes = try repository.blob(blob)
    let name = String(decoding: path, as: UTF8.self)
    let format = DocumentFormat.detect(path: name, bytes: bytes)
    let isHidden = rules.hidesAll(of: ObjectName(path: path), resource == nil ? bytes : [])
    if mode == .link { return whole("→ " + String(decoding: bytes, as: UTF8.self), nil, isSecret: false) }
    switch format {
    case .binary where resource != nil: throw Unreadable(problem: "a binary file")
    case .binary: return whole("\(bytes.count) bytes", blob, isSecret: isHidden)
    case .text: return whole("\(Self.lines(bytes)) lines", blob, isSecret: isHidden)
    default: break
    }
    do {
      let documents = try documents(of: bytes, as: format)
      return resource == nil ? wholeTable(documents, isHidden) : resourceTable(documents, isHidden)
    } catch {
      throw Unreadable(problem: error.description)
    }
  }

  private static func lines(_ bytes: [UInt8]) -> Int {
    bytes.count { $0 == UInt8(ascii: "\n") } + (bytes.isEmpty || bytes.last == UInt8(ascii: "\n") ? 0 : 1)
  }

  /// A file without fields: one value, which differs where its content does.
  private func whole(_ what: String, _ blob: ObjectID?, isSecret: Bool) -> FieldTable {
    var table = FieldTable()
    let identity = blob.map { " (\($0.hex.prefix(8)))" } ?? ""
    let field = FieldTable.Field(document: nil, path: "", value: what + identity, isSecret: isSecret)
    table.add(FieldTable.Section([field]), of: nil, isSecret: false)
    return table
  }

  /// All documents of a file, each under its name.
  private func wholeTable(_ documents: [ReadDocument], _ isHidden: Bool) -> FieldTable {
    var table = FieldTable()
    var names: Set<ObjectName> = []
    for (number, document) in documents.enumerated() {
      for part in document.parts {
        var own = number == 0 ? nil : "#\(number + 1)"
        if let name = part.name { own = names.insert(name).inserted ? name.string : "\(name)#\(number + 1)" }
        table.add(part.section, of: own, isSecret: isHidden)
      }
    }
    return table
  }

  /// The one object that is asked for.
  private func resourceTable(_ documents: [ReadDocument], _ isHidden: Bool) -> FieldTable? {
    for part in documents.lazy.flatMap(\.parts) where part.name == resource {
      var table = FieldTable()
      table.add(part.section, of: nil, isSecret: isHidden || part.isSecret)
      return table
    }
    return nil
  }

  // MARK: Documents

  /// The fields of one document: of each object in it, or of all that it is.
  private struct ReadDocument {
    struct Part {
      var name: ObjectName?
      var section: FieldTable.Section
      /// Whether it is a Kubernetes secret, or holds a private key.
      var isSecret: Bool
    }

    var parts: [Part]
  }

  /// Reads a file; of a YAML file of several documents only those that were not in another version.
  private func documents(
    of bytes: [UInt8], as format: DocumentFormat
  ) throws(DocumentError) -> [ReadDocument] {
    if format == .yaml, let documents = pieces.values(of: bytes, make: { try? read($0, as: .yaml) }) {
      return documents.flatMap(\.self)
    }
    // What is wrong with a document is told as the whole file has it, with its lines.
    return try read(bytes, as: format)
  }

  private func read(_ bytes: [UInt8], as format: DocumentFormat) throws(DocumentError) -> [ReadDocument] {
    var found: [ReadDocument] = []
    for document in try Document.parse(bytes, as: format) {
      var parts: [ReadDocument.Part] = []
      let objects = FileObjects.objects(of: document.root)
      for (name, node, _) in objects where resource == nil || name == resource {
        let isSecret = node["kind"]?.text == "Secret" || rules.hidesAll(of: nil, Array(bytes[node.byteRange]))
        parts.append(ReadDocument.Part(name: name, section: section(of: node), isSecret: isSecret))
      }
      if objects.isEmpty, resource == nil, document.root.scalar != .null {
        parts.append(ReadDocument.Part(name: nil, section: section(of: document.root), isSecret: false))
      }
      found.append(ReadDocument(parts: parts))
    }
    return found
  }

  private func section(of node: Node) -> FieldTable.Section {
    var fields: [FieldTable.Field] = []
    for leaf in node.leaves() {
      let isSecret = leaf.label.map(rules.isSecret) ?? false || isSecretPath(leaf.path)
      fields.append(FieldTable.Field(document: nil, path: leaf.path, value: leaf.value, isSecret: isSecret))
    }
    return FieldTable.Section(fields)
  }

  private func isSecretPath(_ path: String) -> Bool {
    if let known = secretPaths[path] { return known }
    // What can't be read as a path isn't shown.
    let isSecret = (try? FieldPath(parsing: path)).map(rules.hides) ?? true
    secretPaths[path] = isSecret
    return isSecret
  }
}
