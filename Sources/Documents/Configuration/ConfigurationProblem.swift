/// One thing that is wrong in a configuration file, with its place.
public struct ConfigurationProblem: Error, Sendable, Hashable {
  public let file: String
  /// From 1.
  public let line: Int
  /// From 1, in Unicode scalars.
  public let column: Int
  /// The field concerned.
  public let key: FieldPath
  /// What is wrong, in one clause, without a full stop.
  public let message: String
  /// What was probably meant: the nearest valid key or value.
  public let suggestion: String?

  public init(file: String, line: Int, column: Int, key: FieldPath, message: String, suggestion: String? = nil) {
    self.file = file
    self.line = line
    self.column = column
    self.key = key
    self.message = message
    self.suggestion = suggestion
  }
}

extension ConfigurationProblem: CustomStringConvertible {
  /// `mooring.yaml:12:5: environments.production.repositry: unknown key; did you mean "repository"?`
  public var description: String {
    let field = key.components.isEmpty ? "" : "\(key): "
    let question = suggestion.map { "; did you mean \"\($0)\"?" } ?? ""
    return "\(file):\(line):\(column): \(field)\(message)\(question)"
  }
}

/// Collects everything that is wrong in a file, so that a person repairs it in one go.
public final class ConfigurationProblems {
  public let file: String
  public private(set) var all: [ConfigurationProblem] = []

  public init(file: String) { self.file = file }

  public var isEmpty: Bool { all.isEmpty }

  /// In the order of the file.
  public var inOrder: [ConfigurationProblem] {
    all.enumerated().sorted {
      ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
    }.map(\.element)
  }

  /// Further problems are dropped from here on: nobody repairs thousands one by one, and a hostile file has them.
  static let limit = 200

  public func add(_ message: String, at mark: Mark, key: FieldPath, suggestion: String? = nil) {
    guard all.count < Self.limit else { return }
    all.append(
      ConfigurationProblem(
        file: file, line: mark.line, column: mark.column, key: key, message: message, suggestion: suggestion))
  }

  /// Reads the one document of a file and hands its mapping to `read`; nil, and a problem, when there is no such thing.
  ///
  /// An empty file is an empty mapping.
  public static func read<Value>(
    _ bytes: [UInt8], as format: DocumentFormat, file: String, _ read: (MappingReader) -> Value?
  ) -> (value: Value?, problems: [ConfigurationProblem]) {
    let problems = ConfigurationProblems(file: file)
    do {
      let isBlank = bytes.allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
      var documents = try Document.parse(isBlank && format == .yaml ? Array("{}".utf8) : bytes, as: format)
      if documents.isEmpty { documents = try Document.parse(Array("{}".utf8), as: .yaml) }
      if documents.count > 1 {
        problems.add(
          "the file holds \(documents.count) documents instead of one", at: documents[1].root.mark, key: .root)
      }
      let value = documents.first.flatMap { document -> Value? in
        guard document.root.kind == .mapping else {
          problems.add("should be a mapping, not \(document.root.typeName)", at: document.root.mark, key: .root)
          return nil
        }
        return read(MappingReader(document.root, path: .root, problems: problems))
      }
      return (value, problems.inOrder)
    } catch {
      let message = error.remedy.map { "\(error.message); \($0)" } ?? error.message
      return (
        nil,
        [ConfigurationProblem(file: file, line: error.line, column: error.column, key: .root, message: message)]
      )
    }
  }
}
