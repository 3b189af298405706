import Documents
import FoundationEssentials
import MooringModel

/// Reads `render.helm`.
struct HelmReader {
  /// Of a release's name: https://helm.sh/docs/chart_template_guide/getting_started/
  private static let longestName = 53

  let reader: MappingReader
  let paths: [String]

  func read() -> HelmOptions? {
    defer { reader.finish() }
    let files = InputPathReader(reader: reader, paths: paths)
    let (chart, release) = (files.path("chart"), reader.string("release"))
    if let release, !Self.isLabel(release) || release.utf8.count > Self.longestName {
      reader.report("should be small letters, digits and `-`, at most \(Self.longestName)", key: "release")
    }
    let namespace = reader.optionalString("namespace")
    if let namespace, !Self.isLabel(namespace) { reader.report("not a namespace's name", key: "namespace") }
    let values = files.optionalPaths("values")
    let overrides = RecordedValues(reader: reader).json("set")
    let kubeVersion = reader.optionalString("kubeVersion")
    let apiVersions = reader.optionalStrings("apiVersions") ?? []
    guard let chart, let release else { return nil }
    return HelmOptions(
      chart: chart, release: release, namespace: namespace, values: values, overrides: overrides,
      kubeVersion: kubeVersion, apiVersions: apiVersions)
  }

  private static func isLabel(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 63 && !text.hasPrefix("-") && !text.hasSuffix("-")
      && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }
  }
}

/// Reads `render.jsonnet`.
struct JsonnetReader {
  let reader: MappingReader
  let paths: [String]

  func read() -> JsonnetOptions? {
    defer { reader.finish() }
    let files = InputPathReader(reader: reader, paths: paths)
    let values = RecordedValues(reader: reader)
    let file = files.path("file")
    let options = JsonnetOptions(
      file: file ?? "", arguments: values.strings("tla"), argumentCode: values.strings("tlaCode"),
      variables: values.strings("ext"), variableCode: values.strings("extCode"),
      libraries: files.optionalPaths("libraries"))
    return file == nil ? nil : options
  }
}

/// Reads `render.command`: the program by its name in `PATH`, its absolute path, or as `./…` one of the inputs.
struct CommandReader {
  let reader: MappingReader
  let command: [String]

  func read() -> [String]? {
    guard let program = command.first, !program.isEmpty else {
      reader.report("should name a program", key: "command")
      return nil
    }
    if program.contains("/"), !program.hasPrefix("/"), !program.hasPrefix("./") {
      reader.report("a program of the inputs begins with `./`", key: "command", suggestion: "./" + program)
    }
    if program.hasPrefix("./") {
      do throws(Fault) { _ = try RelativePath(String(program.dropFirst(2))) } catch {
        reader.report(error.what, key: "command")
      }
    }
    return command
  }
}

/// Reads mappings of values that the journal will hold, since they are part of a release's definition.
struct RecordedValues {
  let reader: MappingReader

  func strings(_ key: String) -> [String: String] {
    read(key) { child, name in child.string(name) }
  }

  /// Scalars as JSON, for helm: strings stay strings, whatever they look like.
  func json(_ key: String) -> [String: String] {
    read(key) { child, name in
      guard let node = child.optionalNode(name) else { return "null" }
      switch node.scalar {
      case .string(let text)?: return Self.quoted(text)
      case .some: return node.text
      case nil:
        child.report("should be a single value: write `a.b: value` for one that is deeper", key: name)
        return nil
      }
    }
  }

  private func read(_ key: String, _ value: (MappingReader, String) -> String?) -> [String: String] {
    guard let child = reader.optionalMapping(key) else { return [:] }
    defer { child.finish() }
    var values: [String: String] = [:]
    for name in child.keys {
      if name.isEmpty || name.contains("=") || name.contains(",") || name.hasPrefix("-") {
        child.report("can't be a value's name", key: name)
      }
      if SecretRules().isSecret(name) {
        child.report("looks like a secret, and options are recorded in the journal: it doesn't belong here", key: name)
      }
      values[name] = value(child, name)
    }
    return values
  }

  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    // A string can always be encoded.
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
