/// How an environment's inputs become files.
public struct RendererConfiguration: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case plain
    case kustomize(KustomizeOptions)
    case helm(HelmOptions)
    case jsonnet(JsonnetOptions)
    /// A program and its arguments.
    case command([String])
  }

  public var kind: Kind
  /// What holds of any program that renders.
  public var program: RenderingProgramOptions

  public init(_ kind: Kind = .plain, program: RenderingProgramOptions = RenderingProgramOptions()) {
    self.kind = kind
    self.program = program
  }

  /// The renderer's name in a definition.
  var name: String {
    switch kind {
    case .plain: PlainRenderer.name
    case .kustomize: "kustomize"
    case .helm: "helm"
    case .jsonnet: "jsonnet"
    case .command: "command"
    }
  }

  /// The version of the renderer's rules: what becomes of what a program prints.
  var version: Int {
    switch kind {
    case .plain: PlainRenderer.version
    case .kustomize, .helm, .jsonnet, .command: ProgramRenderer.version
    }
  }

  /// All options that were set, as a definition holds them; `nil` for `plain`.
  var options: [String: [String]]? {
    guard let tool else { return nil }
    return tool.options.merging(program.options) { own, _ in own }
  }

  /// What runs as a program; `nil` for `plain`.
  var tool: (any RenderingTool)? {
    switch kind {
    case .plain: nil
    case .kustomize(let options): options
    case .helm(let options): options
    case .jsonnet(let options): options
    case .command(let arguments): CommandTool(arguments: arguments)
    }
  }
}

/// What holds of any program that renders. What isn't set is left out of the definition.
public struct RenderingProgramOptions: Sendable, Hashable {
  public enum Network: String, Sendable, Hashable, CaseIterable { case deny, allow }

  /// The program's absolute path; `nil` for the one in `PATH`.
  public var path: String?
  /// Absolute paths of this machine that it may read besides the system's.
  public var reads: [String]
  public var timeLimit: Duration?
  /// Bytes, of all its processes together.
  public var memory: Int?
  public var network: Network

  public init(
    path: String? = nil, reads: [String] = [], timeLimit: Duration? = nil, memory: Int? = nil, network: Network = .deny
  ) {
    self.path = path
    self.reads = reads
    self.timeLimit = timeLimit
    self.memory = memory
    self.network = network
  }

  /// Its path and what it reads say where something is on this machine, and not what is rendered.
  var options: [String: [String]] {
    var options: [String: [String]] = [:]
    if let timeLimit { options["timeout"] = ["\(timeLimit)"] }
    if let memory { options["memory"] = ["\(memory)"] }
    if network == .allow { options["network"] = [network.rawValue] }
    return options
  }
}
