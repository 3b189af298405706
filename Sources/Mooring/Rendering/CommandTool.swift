/// `render: { command: [program, …] }`: any program, of the machine or of the inputs.
///
/// It prints objects; or, where `{output}` is among its arguments, it writes files into that folder, which is the release.
struct CommandTool: RenderingTool {
  let arguments: [String]

  var options: [String: [String]] { ["command": arguments] }
  var programs: [String] { arguments.prefix(1).map { $0 } }
  var installation: String { "install it, or name it by its absolute path" }
  func versionArguments(of program: String) -> [String]? { nil }

  func arguments(of program: String, _ places: RenderingPlaces) -> [String] {
    arguments.dropFirst().map {
      $0.replacing("{inputs}", with: places.inputs).replacing("{output}", with: places.output)
    }
  }

  func check(_ inputs: InputFiles) throws {
    guard let program = arguments.first, program.hasPrefix("./") else { return }
    guard try inputs.isFile(String(program.dropFirst(2))) else { throw inputs.missing(program, as: "the program") }
  }

  var writesFiles: Bool { arguments.contains { $0.contains("{output}") } }
}
