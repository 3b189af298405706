import Documents
import MooringModel

/// Reads `render` of an environment: a name, or a mapping of one renderer and what holds of its program.
struct RendererReader {
  /// The environment's.
  let reader: MappingReader
  /// Its inputs.
  let paths: [String]
  let absolute: (String) -> String

  private enum Name: String, CaseIterable { case plain, kustomize, helm, jsonnet, command }

  /// `nil` where nothing is said, or it is wrong.
  func read() -> RendererConfiguration? {
    guard let node = reader.optionalNode("render") else { return nil }
    guard node.kind != .mapping else { return reader.mapping("render").flatMap(mapping) }
    switch reader.optionalChoice("render", Name.self) {
    case nil: return nil
    case .plain: return RendererConfiguration()
    case .kustomize: return RendererConfiguration(.kustomize(KustomizeOptions(path: onlyPath())))
    case .helm: reader.report("helm needs options, as in `{ helm: { chart: …, release: … } }`", key: "render")
    case .jsonnet: reader.report("jsonnet needs options, as in `{ jsonnet: { file: … } }`", key: "render")
    case .command: reader.report("command needs a program, as in `{ command: [./render.sh] }`", key: "render")
    }
    return nil
  }

  private func mapping(_ render: MappingReader) -> RendererConfiguration? {
    defer { render.finish() }
    let names = Name.allCases.filter { $0 != .plain && render.has($0.rawValue) }
    guard names.count == 1, let name = names.first else {
      // The nearest of unknown keys says more than that none is there.
      let isMisspelt = names.isEmpty && !render.keys.isEmpty
      if !isMisspelt { render.report("should have exactly one of kustomize, helm, jsonnet and command") }
      return nil
    }
    let program = program(render, of: name)
    guard let kind = kind(name, render) else { return nil }
    return RendererConfiguration(kind, program: program)
  }

  private func kind(_ name: Name, _ render: MappingReader) -> RendererConfiguration.Kind? {
    switch name {
    case .plain: return .plain
    case .command:
      guard let command = render.strings(name.rawValue) else { return nil }
      return CommandReader(reader: render, command: command).read().map { .command($0) }
    case .kustomize:
      guard let child = render.mapping(name.rawValue) else { return nil }
      defer { child.finish() }
      let files = InputPathReader(reader: child, paths: paths)
      return .kustomize(KustomizeOptions(path: files.optionalPath("path") ?? onlyPath()))
    case .helm:
      return render.mapping(name.rawValue).flatMap { HelmReader(reader: $0, paths: paths).read() }.map { .helm($0) }
    case .jsonnet:
      return render.mapping(name.rawValue).flatMap { JsonnetReader(reader: $0, paths: paths).read() }
        .map { .jsonnet($0) }
    }
  }

  private func onlyPath() -> String {
    if paths.count > 1 {
      reader.report("say which input holds the kustomization: `{ kustomize: { path: … } }`", key: "render")
    }
    return paths.first ?? "."
  }

  private func program(_ render: MappingReader, of name: Name) -> RenderingProgramOptions {
    var program = RenderingProgramOptions()
    program.path = render.optionalString("program")
    if name == .command, program.path != nil { render.report("is the first of `command` already", key: "program") }
    if let path = program.path, !path.hasPrefix("/") { render.report("should be an absolute path", key: "program") }
    program.reads = render.optionalStrings("reads") ?? []
    if program.reads.contains(where: { !$0.hasPrefix("/") || $0 == "/" }) {
      render.report("should be absolute paths below the root", key: "reads")
    }
    program.timeLimit = render.optionalDuration("timeout")
    if let limit = program.timeLimit, limit < .seconds(1) || limit > .seconds(3600) {
      render.report("should be from 1s to 1h", key: "timeout")
    }
    program.memory = render.optionalByteCount("memory")
    if let memory = program.memory, memory < 64 << 20 { render.report("should be at least 64MiB", key: "memory") }
    program.network = render.optionalChoice("network", RenderingProgramOptions.Network.self) ?? .deny
    return program
  }
}

/// Reads paths of the repository that must be among the environment's inputs.
struct InputPathReader {
  let reader: MappingReader
  let paths: [String]

  func path(_ key: String) -> String? { reader.string(key).flatMap { checked($0, key) } }
  func optionalPath(_ key: String) -> String? { reader.optionalString(key).flatMap { checked($0, key) } }

  func optionalPaths(_ key: String) -> [String] {
    (reader.optionalStrings(key) ?? []).compactMap { checked($0, key) }
  }

  private func checked(_ text: String, _ key: String) -> String? {
    if text.contains("://") {
      reader.report("nothing is downloaded to render: commit it (`helm pull --untar`), and name its path", key: key)
      return nil
    }
    let trimmed = text.hasPrefix("./") && text.count > 2 ? String(text.dropFirst(2)) : text
    let path = trimmed.hasSuffix("/") ? String(trimmed.dropLast()) : trimmed
    if path != "." {
      do throws(Fault) { _ = try RelativePath(path) } catch {
        reader.report(error.what, key: key)
        return nil
      }
    }
    guard paths.contains(where: { $0 == "." || path == $0 || path.hasPrefix($0 + "/") }) else {
      reader.report("isn't among the inputs: list it in `path` of the environment", key: key)
      return nil
    }
    return path
  }
}
