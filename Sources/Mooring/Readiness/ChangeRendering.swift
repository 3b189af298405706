import Git
import MooringModel
import Readiness

/// Renders both sides of a change as the environment would, so that rules see what would reach production.
struct ChangeRendering {
  /// Files that differ: more than that are judged by nobody.
  private static let mostFiles = 20_000

  let git: Repository
  let environment: EnvironmentConfiguration
  /// Where programs work; only this user can enter it.
  let folder: String

  /// `nil` where the inputs are what is deployed, and make a release.
  ///
  /// What can't be rendered is the change's fault only where it could be before. Nobody has merged it yet: whatever the
  /// configuration allows a renderer, here it reaches nothing.
  func rendering(from base: ObjectID?, to head: ObjectID) async throws -> Change.Rendering? {
    guard try isThere(at: head) || base.map({ try isThere(at: $0) }) ?? false else { return nil }
    var old: ObjectID?
    do {
      if let base { old = try await before(base) }
    } catch let fault as Fault {
      return .unknown(fault.code == .program ? fault.what : "it couldn't be rendered before: \(fault.what)")
    }
    do {
      let new = try await tree(of: head, trusting: old)
      return environment.renderer.tool == nil ? nil : .made(try files(from: old, to: new))
    } catch let fault as Fault where fault.code == .program {
      return .unknown(fault.what)
    } catch let fault as Fault {
      return .refused(fault.what)
    }
  }

  /// `nil` for an environment that the change brings. Of inputs that are deployed as they are, only what the change makes
  /// of them is looked at.
  private func before(_ base: ObjectID) async throws -> ObjectID? {
    guard try isThere(at: base) else { return nil }
    guard environment.renderer.tool == nil else { return try await tree(of: base, trusting: nil) }
    do {
      let tree = try git.commit(base).tree
      return try PlainRenderer(repository: git, limits: ContentLimits()).assemble(tree, environment.definition.paths).0
    } catch let fault as Fault where fault.code == .notFound {
      return nil
    }
  }

  /// Whether the environment has inputs at a commit.
  private func isThere(at commit: ObjectID) throws -> Bool {
    let tree = try git.commit(commit).tree
    return try environment.definition.paths.contains { try $0 == "." || git.entry(at: $0, in: tree) != nil }
  }

  /// - Throws: `Fault`, also for what is refused.
  private func tree(of commit: ObjectID, trusting trusted: ObjectID?) async throws -> ObjectID {
    switch try await renderer.render(git.commit(commit).tree, environment.definition, trusting: trusted) {
    case .rendered(let tree, _): return tree
    case .refused(let fault): throw fault
    }
  }

  private var renderer: any Renderer {
    guard let tool = environment.renderer.tool else { return PlainRenderer(repository: git, limits: ContentLimits()) }
    var options = environment.renderer.program
    options.network = .deny
    return ProgramRenderer(repository: git, limits: ContentLimits(), tool: tool, options: options, folder: folder)
  }

  private func files(from base: ObjectID?, to head: ObjectID) throws -> [Change.File] {
    let changes = try git.changes(from: base, to: head)
    guard changes.count <= Self.mostFiles else {
      throw Fault(.limit, "more than \(Self.mostFiles) rendered files differ", remedy: "split the change")
    }
    return try changes.map {
      Change.File(path: $0.path, base: try bytes($0.old), head: try bytes($0.new))
    }
  }

  private func bytes(_ entry: TreeEntry?) throws -> [UInt8]? {
    guard let entry, entry.mode == .regular || entry.mode == .executable,
      try git.blobSize(entry.id) <= ChangeReader.largestFile
    else { return nil }
    return try git.blob(entry.id)
  }
}
