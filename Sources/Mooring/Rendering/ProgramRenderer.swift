import Git
import MooringModel
import Processes

/// Renders by a program: on a copy of the inputs and nothing else, without network, bounded, and only once.
///
/// What a program prints becomes a file for each object (``RenderedObjects``); what it writes, where it writes files, is
/// the release as it is.
struct ProgramRenderer: Renderer {
  static let version = 1

  let repository: Repository
  let limits: ContentLimits
  let tool: any RenderingTool
  let options: RenderingProgramOptions
  /// Where private folders are made.
  let folder: String

  private var programs: RenderingPrograms { RenderingPrograms(tool: tool, options: options, folder: folder) }

  var program: String? { get async throws { try await programs.find().version } }

  func render(_ tree: ObjectID, _ definition: Definition, trusting trusted: ObjectID?) async throws -> Rendering {
    let program = try await programs.find()
    do {
      let inputs = try InputFiles(repository, of: tree, paths: definition.paths)
      try ContentCheck(repository: repository, limits: limits).check(inputs.tree, trusting: nil)
      try EncryptedFiles.refuse(in: inputs.tree, of: repository)
      try tool.check(inputs)
      let rendered = try await rendered(inputs, by: program)
      try ContentCheck(repository: repository, limits: limits).check(rendered, trusting: trusted)
      let known = trusted.flatMap { repository.contains($0) ? [$0] : nil } ?? []
      return .rendered(rendered, objects: try NewObjects(repository: repository).all(in: rendered, absentFrom: known))
    } catch let fault as Fault where [.refusedContent, .limit, .notFound].contains(fault.code) {
      return .refused(fault)
    }
  }

  private func rendered(_ inputs: InputFiles, by program: RenderingProgram) async throws -> ObjectID {
    let folder = try RenderingFolder(in: folder)
    try folder.write(inputs)
    await RenderingSlots.shared.take()
    let result: Result<ConfinedOutcome, any Error>
    do { result = .success(try await run(program, in: folder)) } catch { result = .failure(error) }
    await RenderingSlots.shared.giveBack()
    let outcome = try result.get()
    try refuseFailure(outcome, of: program)
    guard tool.writesFiles else {
      return try RenderedObjects(printed: outcome.printed, nested: tool.nestsObjects).write(to: repository)
    }
    guard let written = outcome.folder else { throw Fault(.unexpected, "the renderer's output is lost") }
    var files = WrittenFiles(repository, limits: limits)
    return try files.tree(of: written)
  }

  private func run(_ program: RenderingProgram, in folder: RenderingFolder) async throws -> ConfinedOutcome {
    let timeLimit = options.timeLimit ?? RenderingRun.timeLimit
    return try await RenderingRun(program: program, options: options, timeLimit: timeLimit)
      .run(in: folder) { tool.arguments(of: program.name, $0) }
  }

  private func refuseFailure(_ outcome: ConfinedOutcome, of program: RenderingProgram) throws(Fault) {
    let fix = "commit a fix: it is rendered as soon as it is seen"
    switch outcome.ending {
    case .exited(0): return
    case .exited(let status):
      throw Fault(
        .refusedContent, "\(program.name) failed with status \(status): \(RenderingComplaint(outcome.said).text)",
        remedy: fix)
    case .signalled(let signal):
      throw Fault(
        .refusedContent, "\(program.name) was ended by signal \(signal): \(RenderingComplaint(outcome.said).text)",
        remedy: fix)
    case .timedOut:
      let limit = options.timeLimit ?? RenderingRun.timeLimit
      throw Fault(
        .limit, "\(program.name) took longer than \(limit)", remedy: "\(fix), or give it a longer `timeout` in `render`"
      )
    case .outOfMemory:
      let limit = options.memory ?? RenderingRun.memory
      throw Fault(
        .limit, "\(program.name) held more than \(limit >> 20) MiB of memory",
        remedy: "\(fix), or give it more `memory` in `render`")
    case .tooMuchOutput: throw Fault(.limit, "\(program.name) printed more than it may", remedy: fix)
    }
  }
}
