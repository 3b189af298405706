/// `render: { jsonnet: … }`
public struct JsonnetOptions: Sendable, Hashable {
  /// The program's file, in the repository.
  public var file: String
  /// Arguments of a top-level function: strings, and code.
  public var arguments: [String: String]
  public var argumentCode: [String: String]
  /// External variables: strings, and code.
  public var variables: [String: String]
  public var variableCode: [String: String]
  /// Folders of the repository in which imports are looked for; a later one wins.
  public var libraries: [String]

  public init(
    file: String, arguments: [String: String] = [:], argumentCode: [String: String] = [:],
    variables: [String: String] = [:], variableCode: [String: String] = [:], libraries: [String] = []
  ) {
    self.file = file
    self.arguments = arguments
    self.argumentCode = argumentCode
    self.variables = variables
    self.variableCode = variableCode
    self.libraries = libraries
  }
}

extension JsonnetOptions: RenderingTool {
  /// The keys of the configuration, with the program's option for each.
  private var assignments: [(key: String, option: String, values: [String])] {
    [
      ("tla", "--tla-str", arguments), ("tlaCode", "--tla-code", argumentCode), ("ext", "--ext-str", variables),
      ("extCode", "--ext-code", variableCode),
    ].map { key, option, values in
      (key, option, values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
    }
  }

  var options: [String: [String]] {
    var options = ["file": [file]]
    if !libraries.isEmpty { options["libraries"] = libraries }
    for (key, _, values) in assignments where !values.isEmpty { options[key] = values }
    return options
  }

  var programs: [String] { ["jsonnet"] }
  var installation: String { "install jsonnet" }
  func versionArguments(of program: String) -> [String]? { ["--version"] }

  func arguments(of program: String, _ places: RenderingPlaces) -> [String] {
    libraries.flatMap { ["-J", "./\($0)"] }
      + assignments.flatMap { _, option, values in values.flatMap { [option, $0] } } + ["--", "./\(file)"]
  }

  func check(_ inputs: InputFiles) throws {
    guard try inputs.isFile(file) else { throw inputs.missing(file, as: "the Jsonnet file") }
  }

  var nestsObjects: Bool { true }
}
