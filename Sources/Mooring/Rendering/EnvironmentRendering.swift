import Git
import MooringJournal
import MooringModel

/// How one environment's releases are rendered.
struct EnvironmentRendering {
  let repository: Repository
  let configuration: EnvironmentConfiguration
  let journal: Journal
  let state: StateDirectory
  let limits: ContentLimits

  var renderer: any Renderer {
    guard let tool = configuration.renderer.tool else { return PlainRenderer(repository: repository, limits: limits) }
    return ProgramRenderer(
      repository: repository, limits: limits, tool: tool, options: configuration.renderer.program,
      folder: state.renderings)
  }

  /// Makes releases by the definition that holds now, with the version that the renderer's program has now.
  ///
  /// - Throws: `Fault` of code `.program`, where that isn't to be had.
  func maker(mailmap: Mailmap) async throws -> ReleaseMaker {
    let renderer = renderer
    var definition = configuration.definition
    definition.program = try await renderer.program
    return ReleaseMaker(
      repository: repository, renderer: renderer, definition: definition, manifests: configuration.manifests,
      mailmap: mailmap,
      known: KnownRenderings(environment: configuration.name, journal: journal, repository: repository))
  }
}
