import Documents
import MooringModel

/// Follows the references of kustomizations, and refuses those that leave the inputs or this machine before anything runs.
struct KustomizationCheck {
  /// Kustomizations that one may lead to.
  static let mostFolders = 1_000
  /// https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
  static let names = ["kustomization.yaml", "kustomization.yml", "Kustomization"]
  /// Fields that list files or folders.
  private static let lists = [
    "resources", "bases", "components", "generators", "transformers", "validators", "crds", "configurations",
    "patchesStrategicMerge",
  ]
  /// Fields whose elements have a `path`.
  private static let withPaths = ["patches", "patchesJson6902", "replacements"]

  let inputs: InputFiles

  /// - Throws: `Fault`.
  func check(_ path: String) throws {
    guard try inputs.isFolder(path), try file(in: path) != nil else {
      throw inputs.missing("\(path)/\(Self.names[0])", as: "the kustomization")
    }
    var waiting = [path]
    var seen: Set<String> = [path]
    while let folder = waiting.popLast() {
      for next in try references(of: folder) where try inputs.isFolder(next) && seen.insert(next).inserted {
        guard seen.count <= Self.mostFolders else {
          throw Fault(.limit, "more than \(Self.mostFolders) kustomizations", at: path, remedy: "split the environment")
        }
        waiting.append(next)
      }
    }
  }

  private func file(in folder: String) throws -> String? {
    try Self.names.map { folder == "." ? $0 : "\(folder)/\($0)" }.first { try inputs.isFile($0) }
  }

  /// Where a kustomization's references lead.
  private func references(of folder: String) throws -> [String] {
    guard let file = try file(in: folder), let root = try inputs.document(file) else { return [] }
    for key in ["helmCharts", "helmChartInflationGenerator"] where root[key]?.kind == .sequence {
      throw Fault(
        .refusedContent, "`\(key)` renders charts that are downloaded", at: file,
        remedy: "commit the chart and use `render: helm`, or commit what `helm template` prints as a resource")
    }
    let named = Self.lists.flatMap { root[$0]?.elements ?? [] }
    let withPaths = Self.withPaths.flatMap { root[$0]?.elements.compactMap { $0["path"] } ?? [] }
    let texts = (named + withPaths + [root["openapi"]?["path"]].compactMap { $0 }).compactMap(\.scalar?.stringValue)
    // What has several lines is written out in place.
    return try texts.filter { !$0.contains("\n") }.map { try destination(of: $0, in: folder, file) }
  }

  private func destination(of reference: String, in folder: String, _ file: String) throws -> String {
    // A path that exists is one, whatever else it looks like: as kustomize has it.
    let path = reference.hasPrefix("/") ? nil : InputFiles.resolve(reference, in: folder)
    if let path, try inputs.isFile(path) || inputs.isFolder(path) { return path }
    if Self.isRemote(reference) {
      throw Fault(
        .refusedContent, "a remote base: \(reference.prefix(200).debugDescription)", at: file,
        remedy: "vendor it: `kustomize localize \(folder)` makes a copy with everything in it, which you commit")
    }
    guard let path, inputs.lists(path) else {
      throw Fault(
        .refusedContent, "\(reference.prefix(200).debugDescription) leads out of the environment's inputs", at: file,
        remedy: path.map { "list \($0.debugDescription) in `path` of the environment" }
          ?? "move it into the repository, and list it in `path` of the environment")
    }
    throw Fault(
      .refusedContent, "\(reference.prefix(200).debugDescription) doesn't exist at this revision", at: file,
      remedy: "add it, or take it out of the kustomization")
  }

  /// What kustomize would clone or download:
  /// https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md
  static func isRemote(_ reference: String) -> Bool {
    let host = reference.prefix { $0 != "/" }
    return reference.contains("://") || reference.contains("::") || reference.contains("?ref=")
      || reference.hasPrefix("git@") || host.contains("@") || reference.contains(".git/")
      || reference.hasSuffix(".git") || ["github.com", "gitlab.com", "bitbucket.org"].contains { host == $0 }
      || (host.contains(":") && !host.hasPrefix("."))
  }
}
