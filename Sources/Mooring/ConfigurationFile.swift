public import Documents
import FoundationEssentials
import MooringModel

/// Reads `mooring.yaml`, and says everything that is wrong with it at once.
public struct ConfigurationFile {
  /// The largest configuration that is read.
  static let maximumBytes = 1 << 20

  /// Everything that is wrong with a configuration.
  public struct Problems: Error, CustomStringConvertible {
    public var all: [ConfigurationProblem]

    public var description: String {
      all.map(\.description).joined(separator: "\n")
        + "\ncorrect \(all.count == 1 ? "it" : "them"); `mooring init` prints a commented example"
    }
  }

  /// Where a configuration is looked for when nobody names one.
  public static let places = ["./mooring.yaml", "/etc/mooring/mooring.yaml"]

  /// - Throws: `Problems`, or a `Fault` when the file can't be read.
  public static func read(_ path: String) throws -> Configuration {
    guard let bytes = BoundedFile.bytes(at: path, limit: maximumBytes) else {
      throw Fault(
        .configuration, "the configuration can't be read", at: path,
        remedy: "name it with --config or MOORING_CONFIG, or make one with `mooring init`")
    }
    guard bytes.count <= maximumBytes else {
      throw Fault(
        .limit, "a configuration of more than \(maximumBytes) bytes", at: path,
        remedy: "see whether it is the right file, or split it")
    }
    return try parse(bytes, path: path)
  }

  /// - Throws: `Problems`.
  public static func parse(_ bytes: [UInt8], path: String) throws -> Configuration {
    let folder = URL(filePath: path).deletingLastPathComponent().path
    let (configuration, problems) = ConfigurationProblems.read(bytes, as: .yaml, file: path) { reader in
      ConfigurationReader(folder: folder).read(reader, path: path)
    }
    guard problems.isEmpty, let configuration else { throw Problems(all: problems) }
    return configuration
  }
}
