import Git
import MooringJournal
import MooringModel

/// In which files of a release history's index says that resources stand. It is asked as far as it goes, and believed where the
/// release has just that file: what it doesn't know is looked for in the files themselves.
struct KnownPlaces {
  let release: ReleaseReference
  let context: EnvironmentContext

  init(of release: ReleaseReference, _ context: EnvironmentContext) {
    self.release = release
    self.context = context
  }

  /// Those of every resource that may be meant; none where one of them isn't as the index has it.
  func files(ofResource name: String, in stored: StoredRelease) throws -> [ReleaseFile] {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard (2...3).contains(parts.count), let kind = parts.first, let last = parts.last, !last.isEmpty else { return [] }
    let index = try HistoryIndex(stateDirectory: context.state.path)
    guard let line = try index.known(line), let position = try index.position(of: release.revision.object, in: line)
    else { return [] }
    var files: [ReleaseFile] = []
    for resource in try index.resources(called: last, ofKind: kind, in: line) {
      guard let version = try index.version(of: .resource(resource), in: line, at: position), let blob = version.blob
      else { continue }
      let path = try RelativePath(ObjectName(path: context.releasedPath(ofInput: try index.path(version.path))).string)
      guard try stored.content(at: path)?.object == blob else { return [] }
      files.append(ReleaseFile(path: path, kind: .regular, content: try blob.content))
    }
    return files
  }

  private var line: HistoryIndex.Line {
    let isPlain = context.configuration.renderer.kind == .plain
    return HistoryIndex.Line(
      environment: context.name, kind: isPlain ? .inputs : .rendered,
      paths: isPlain ? context.configuration.definition.paths : ["."])
  }
}
