public import ArgumentParser
public import Documents
import FoundationEssentials
import Git
import Glibc
import Mooring
public import MooringModel

/// The options that every verb has.
struct SharedOptions: ParsableArguments {
  @Option(help: "The configuration. Otherwise MOORING_CONFIG, ./mooring.yaml or /etc/mooring/mooring.yaml.")
  var config: String?

  @Option(help: "The state directory. Otherwise MOORING_STATE, or the platform's.")
  var state: String?

  /// Opens the configuration and the state directory.
  func workspace() async throws -> Workspace {
    guard let targets = Composition.targets else {
      throw Fault(.unexpected, "the program was composed without targets")
    }
    try Git.Configuration.limitCaches(objectBytes: 4 << 20, windowBytes: 1 << 20, mappedBytes: 16 << 20)
    let configuration = try Self.configuration(config)
    return try await Workspace(
      configuration, state: try StateDirectory(path: statePath), transfer: TransferProcess(arguments: Self.transfer),
      indexer: Self.indexer + ["--config", configuration.path, "--state", statePath], targets: targets)
  }

  /// Reads the configuration that is named, or the first that is found.
  static func configuration(_ config: String?) throws -> Mooring.Configuration {
    let named = config ?? ProcessInfo.processInfo.environment["MOORING_CONFIG"]
    let found = ConfigurationFile.places.first { FileManager.default.fileExists(atPath: $0) }
    return try ConfigurationFile.read(named ?? found ?? ConfigurationFile.places[0])
  }

  private var statePath: String {
    let environment = ProcessInfo.processInfo.environment
    if let named = state ?? environment["MOORING_STATE"] { return named }
    if geteuid() == 0 { return "/var/lib/mooring" }
    return (environment["XDG_STATE_HOME"] ?? (environment["HOME"] ?? "") + "/.local/state") + "/mooring"
  }

  /// How this program is called to bring history's index up to date while nobody waits for it.
  private static let indexer = [
    "/proc/self/exe", IndexCommand._commandName, IndexCommand.Update._commandName, "--gently",
  ]

  /// How this program is called to serve one transfer.
  private static let transfer = ["/proc/self/exe", TransferCommand._commandName]
}

/// How a verb that reads shows what it found.
struct OutputOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Option(help: "How to print: text or json.")
  var output = Format.text

  /// Prints a value as JSON, or as the text that `text` makes.
  func print(_ value: some Encodable, text: () -> String) throws {
    switch output {
    case .text:
      let text = text()
      if !text.isEmpty { Swift.print(Terminal.plain(text)) }
    case .json: try Terminal.printJSON(value)
    }
  }
}

extension OutputOptions {
  /// The same where the text may be of tens of thousands of lines.
  func print(_ value: some Encodable, lines: () -> TerminalLines) throws {
    switch output {
    case .text: Terminal.print(lines().bytes)
    case .json: try Terminal.printJSON(value)
    }
  }
}

extension EnvironmentName: ExpressibleByArgument {
  public init?(argument: String) {
    do { try self.init(argument) } catch { return nil }
  }
}

extension RelativePath: ExpressibleByArgument {
  public init?(argument: String) {
    do { try self.init(argument) } catch { return nil }
  }
}

extension FieldPath: ExpressibleByArgument {
  public init?(argument: String) {
    do { try self.init(parsing: argument) } catch { return nil }
  }
}

extension Initiator {
  /// The person at this terminal: who logged in, also behind `sudo`.
  static var operatorAtTerminal: Initiator {
    let sudo = geteuid() == 0 ? ProcessInfo.processInfo.environment["SUDO_USER"] : nil
    let name = sudo ?? getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) }
    return Initiator(kind: .person, name: name ?? "uid \(getuid())", door: .command)
  }
}
