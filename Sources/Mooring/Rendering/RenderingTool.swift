/// What a renderer's program is asked, and what its inputs must be before it is.
protocol RenderingTool: Sendable {
  /// The options that were set, as a definition holds them.
  var options: [String: [String]] { get }
  /// The programs that can do it, best first.
  var programs: [String] { get }
  /// What a person does who has none of them.
  var installation: String { get }
  /// The arguments that make a program of that name say its version; `nil` where its content tells it.
  func versionArguments(of program: String) -> [String]?
  /// The arguments that make a program of that name render.
  func arguments(of program: String, _ places: RenderingPlaces) -> [String]
  /// Refuses inputs that would need a network, or that aren't listed, and says what to do instead.
  ///
  /// - Throws: `Fault`.
  func check(_ inputs: InputFiles) throws
  /// Whether it writes files into the output folder instead of printing objects.
  var writesFiles: Bool { get }
  /// Whether objects may stand below mappings and lists of what it prints.
  var nestsObjects: Bool { get }
}

extension RenderingTool {
  var writesFiles: Bool { false }
  var nestsObjects: Bool { false }
}

/// Where a program finds its inputs and leaves what it writes, by its own view.
struct RenderingPlaces {
  var inputs = "/inputs"
  var output = "/output"
  var home = "/home"
  var temporary = "/tmp"
}
