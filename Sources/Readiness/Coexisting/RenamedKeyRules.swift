import Documents
import Migrations

/// Keys of configurations that are called something else from one release to the next.
struct RenamedKeyRules {
  let change: Change
  let files: [Change.File]

  var findings: [Finding] { files.flatMap(findings) }

  private func findings(in file: Change.File) -> [Finding] {
    guard let base = file.base, let head = file.head else { return [] }
    let difference = differences(from: base, to: head, path: file.path)
    guard case .fields(let documents) = difference.content else { return [] }
    return documents.filter { $0.kind == .changed }.flatMap { findings(in: $0.fields, file.path, head, $0.position) }
  }

  /// A key that goes, and one that comes beside it with the same value.
  private func findings(
    in fields: [FieldDifference], _ path: String, _ head: [UInt8], _ position: Int
  ) -> [Finding] {
    var added = fields.filter { $0.kind == .added && Self.isKey($0) }
    return fields.filter { $0.kind == .removed && Self.isKey($0) }.compactMap { removed in
      guard let value = removed.old, Self.isTelling(value),
        let index = added.firstIndex(where: { $0.new == value && Self.areBeside(removed.path, $0.path) })
      else { return nil }
      let new = added.remove(at: index)
      let line = line(of: new.path, head, path, position)
      guard let why = need(of: removed.path, new.path, declaration(above: line, in: head)) else { return nil }
      return Finding(.keyRenamed, at: Place(file: path, line: line, field: removed.path.description), why)
    }
  }

  /// Who reads the old name still; `nil` where what runs is declared, or seen, to do without it.
  private func need(of old: FieldPath, _ new: FieldPath, _ declaration: Declaration?) -> String? {
    let what = "it is called \(new) from here on"
    if let since = declaration?.since {
      switch change.declared[since] {
      case true?: return nil
      case false?: return "\(what), and \(since) isn't in what runs now: a release that reads \(old) may still"
      case nil: return "\(what), and \(since) is no commit that is known here"
      }
    }
    if let running = change.applications.first, let name = Self.name(old), let now = Self.name(new) {
      let reader = Self.file(naming: name, in: running)
      if let reader, Self.file(naming: now, in: running) == nil {
        return "\(what), and \(running.label) reads \(name) in \(reader), and knows no \(now)"
      }
      let wasRead = change.applications.dropFirst().contains { Self.file(naming: name, in: $0) != nil }
      if reader != nil || wasRead { return nil }
    }
    return "\(what): a release that reads \(old) doesn't find it"
  }

  /// What a configuration is written in is no code.
  private static func file(naming word: String, in application: Change.Application) -> String? {
    Mention.file(
      naming: word, in: application.files.filter { DocumentFormat.detect(path: $0.path, bytes: []) == .text })
  }

  private func declaration(above line: Int?, in head: [UInt8]) -> Declaration? {
    guard let line else { return nil }
    return Declaration.all(in: head).last { $0.line < line && line - $0.line <= Declaration.reach }
  }

  /// As code says it.
  private static func name(_ field: FieldPath) -> String? {
    switch field.components.last {
    case .key(let key): key
    case .element(_, let value): value
    default: nil
    }
  }

  private func line(of field: FieldPath, _ bytes: [UInt8], _ path: String, _ position: Int) -> Int? {
    let format = DocumentFormat.detect(path: path, bytes: bytes)
    do throws(DocumentError) {
      let documents = try Document.parse(bytes, as: format).filter { $0.root.scalar != .null }
      return documents.indices.contains(position) ? documents[position][field]?.mark.line : nil
    } catch {
      return nil
    }
  }

  /// A key, or an entry of a list of environment variables.
  private static func isKey(_ field: FieldDifference) -> Bool {
    switch field.path.components.last {
    case .key: true
    case .element(let key, _): key == "name" && field.path.components.dropLast().last == .key("env")
    default: false
    }
  }

  private static func areBeside(_ a: FieldPath, _ b: FieldPath) -> Bool {
    a.components.dropLast() == b.components.dropLast()
  }

  /// Values that many keys have say nothing about which became which.
  private static func isTelling(_ value: FieldValue) -> Bool {
    switch value.scalar {
    case .null?, .bool?: false
    case let scalar?: !scalar.text.isEmpty
    case nil: true
    }
  }
}
