import Crypto
import FoundationEssentials
import Glibc
import MooringModel
import Processes
import Synchronization

/// The program that a renderer runs: which file of this machine, and what it says it is.
struct RenderingProgram: Sendable {
  /// Its name, by which its arguments differ: `kubectl`.
  let name: String
  /// An absolute path; or one that begins with `./`, of the inputs.
  let path: String
  /// For the definition of a release; `nil` for a program of the inputs, which name it already.
  var version: String?

  /// What it has to be shown besides the system's files: the file, by way of the links that lead to it; not its folder,
  /// which may be anybody's home.
  var readable: [String] {
    guard path.hasPrefix("/") else { return [] }
    var files = [path]
    while files.count < Self.mostLinks, let file = files.last, let target = Self.target(of: file) {
      files.append(target)
    }
    return files.filter { file in !Confinement.system.contains { file.hasPrefix($0 + "/") } }
  }

  private static let mostLinks = 40

  /// Where a link leads; `nil` for what is none.
  private static func target(of path: String) -> String? {
    var target = [CChar](repeating: 0, count: 4096)
    let count = readlink(path, &target, target.count)
    guard count > 0 else { return nil }
    let text = String(decoding: target[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.hasPrefix("/") ? text : ConfiguredPath.plain(folder(of: path) + "/" + text)
  }

  static func folder(of path: String) -> String {
    String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
  }
}

/// Finds programs, and remembers what they said for as long as their files stay the same.
struct RenderingPrograms: Sendable {
  /// How long a program may take to say its version.
  private static let patience = Duration.seconds(20)
  private static let longestVersion = 200

  private struct Identity: Hashable {
    var path: String
    var size: Int
    var modified: [Int]
    var inode: UInt64
  }

  private static let known = Mutex<[Identity: String]>([:])

  let tool: any RenderingTool
  let options: RenderingProgramOptions
  /// Where private folders are made.
  let folder: String

  /// - Throws: `Fault` of code `.program` that says what to install.
  func find() async throws -> RenderingProgram {
    var program = try await located()
    if options.network == .allow, try await !RenderingRun.canConfine(in: folder) {
      // So that every release says it.
      program.version = (program.version.map { $0 + ", " } ?? "") + "not kept from the machine"
    }
    return program
  }

  private func located() async throws -> RenderingProgram {
    if let path = options.path { return try await found(path, named: Self.name(of: path)) }
    for name in tool.programs {
      if name.hasPrefix("./") { return RenderingProgram(name: name, path: name, version: nil) }
      if let path = Self.lookUp(name) { return try await found(path, named: Self.name(of: name)) }
    }
    throw Fault(
      .program, "\(tool.programs.joined(separator: " and ")) can't be found in PATH",
      remedy: "\(tool.installation), or set `program` in `render` of the environment to its absolute path")
  }

  private func found(_ path: String, named name: String) async throws -> RenderingProgram {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw Fault(
        .program, "there is no such program", at: path, remedy: "\(tool.installation), or correct `program` in `render`"
      )
    }
    let identity = Identity(
      path: path, size: Int(status.st_size), modified: [Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec)],
      inode: UInt64(status.st_ino))
    if let version = Self.known.withLock({ $0[identity] }) {
      return RenderingProgram(name: name, path: path, version: version)
    }
    let version = try await version(of: RenderingProgram(name: name, path: path, version: nil))
    Self.known.withLock { $0[identity] = version }
    return RenderingProgram(name: name, path: path, version: version)
  }

  private func version(of program: RenderingProgram) async throws -> String {
    guard let arguments = tool.versionArguments(of: program.name) else {
      guard let content = FileManager.default.contents(atPath: program.path) else {
        throw Fault(.program, "can't be read", at: program.path, remedy: "see to its permissions")
      }
      let digest = SHA256.hash(data: content).prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
      return "\(program.name) \(digest.joined())"
    }
    let outcome = try await RenderingRun(program: program, options: options, timeLimit: Self.patience)
      .run(arguments, in: RenderingFolder(in: folder))
    let said = String(decoding: outcome.printed, as: UTF8.self)
    guard outcome.ending == .exited(0), !said.isEmpty else {
      throw Fault(
        .program, "doesn't say its version: \(outcome.said.suffix(Self.longestVersion))", at: program.path,
        remedy: tool.installation)
    }
    let lines = said.split(whereSeparator: \.isNewline).map { $0.filter { !$0.isASCII || $0 >= " " } }
    return "\(program.name) \(lines.joined(separator: ", ").prefix(Self.longestVersion))"
  }

  private static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  private static func lookUp(_ name: String) -> String? {
    if name.hasPrefix("/") { return name }
    let folders = (Program.scrubbed()["PATH"] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
    return folders.map { "\($0)/\(name)" }.first { path in
      var isFolder = false
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder
        && FileManager.default.isExecutableFile(atPath: path)
    }
  }
}
