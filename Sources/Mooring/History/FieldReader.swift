import Documents
import Git
import MooringModel

/// Reads tables of fields, and remembers what it has found out about names, and objects that it has read before.
final class FieldReader {
  private let repository: Repository
  private let rules: SecretRules
  /// The resource that is asked for; `nil` for the file as a whole.
  private let resource: ObjectName?
  // By bytes: of two spellings that look the same one may be a secret's.
  private var secretPaths: [ExactText: Bool] = [:]
  private var secretLabels: [ExactText: Bool] = [:]
  private var secretFiles: [[UInt8]: Bool] = [:]
  private var pieces = KnownPieces<ReadFile>(most: 5_000)

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
    // Not hashed: what is kept of it can be read again, and whether objects are whole `audit verify` says.
    guard mode.isBlob, let bytes = try repository.indexedBlob(blob, limit: FileObjects.largest) else {
      if mode.isBlob, resource != nil { throw Unreadable(problem: "more than \(FileObjects.largest) bytes") }
      return whole(mode.isBlob ? "a large file" : "another repository", blob, isSecret: false)
    }
    if mode == .link { return whole("→ " + String(decoding: bytes, as: UTF8.self), nil, isSecret: false) }
    let format = DocumentFormat.detect(path: String(decoding: path, as: UTF8.self), bytes: bytes)
    let isHidden = isSecretFile(path)
    switch format {
    case .binary where resource != nil: throw Unreadable(problem: "a binary file")
    case .binary: return whole("\(bytes.count) bytes", blob, isSecret: isHidden || rules.hidesAll(of: nil, bytes))
    case .text:
      return whole("\(Self.lines(bytes)) lines", blob, isSecret: isHidden || rules.hidesAll(of: nil, bytes))
    default: break
    }
    do {
      let file = try read(bytes, format)
      return resource == nil
        ? wholeTable(file.documents, isHidden || file.isSecret) : resourceTable(file.documents, isHidden)
    } catch {
      throw Unreadable(problem: error.description)
    }
  }

  private func isSecretFile(_ path: [UInt8]) -> Bool {
    if let known = secretFiles[path] { return known }
    let isSecret = rules.hidesAll(of: ObjectName(path: path), [])
    secretFiles[path] = isSecret
    return isSecret
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

  /// The documents of a file, or of a part of it.
  private struct ReadFile {
    var documents: [ReadDocument]
    /// Whether a Kubernetes secret or a private key is anywhere in it; not looked for where one resource is asked for.
    var isSecret: Bool
  }

  /// Reads a file; of a YAML file of several documents only those that were not in another version.
  private func read(_ bytes: [UInt8], _ format: DocumentFormat) throws(DocumentError) -> ReadFile {
    if format == .yaml, let parts = pieces.values(of: bytes, make: { try? readAll($0, as: .yaml) }) {
      return ReadFile(documents: parts.flatMap(\.documents), isSecret: parts.contains(where: \.isSecret))
    }
    // What is wrong with a document is told as the whole file has it, with its lines.
    return try readAll(bytes, as: format)
  }

  private func readAll(_ bytes: [UInt8], as format: DocumentFormat) throws(DocumentError) -> ReadFile {
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
    return ReadFile(documents: found, isSecret: resource == nil && rules.hidesAll(of: nil, bytes))
  }

  private func section(of node: Node) -> FieldTable.Section {
    var fields: [FieldTable.Field] = []
    for leaf in node.leaves() {
      let isSecret = leaf.label.map(isSecretLabel) ?? false || isSecretPath(leaf.path)
      fields.append(FieldTable.Field(document: nil, path: leaf.path, value: leaf.value, isSecret: isSecret))
    }
    return FieldTable.Section(fields)
  }

  private func isSecretLabel(_ label: String) -> Bool {
    let text = ExactText(label)
    if let known = secretLabels[text] { return known }
    let isSecret = rules.isSecret(label)
    secretLabels[text] = isSecret
    return isSecret
  }

  private func isSecretPath(_ path: String) -> Bool {
    let text = ExactText(path)
    if let known = secretPaths[text] { return known }
    // What can't be read as a path isn't shown.
    let isSecret = (try? FieldPath(parsing: path)).map(rules.hides) ?? true
    secretPaths[text] = isSecret
    return isSecret
  }
}
