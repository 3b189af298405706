/// `render: kustomize`
public struct KustomizeOptions: Sendable, Hashable {
  /// The folder of the kustomization, in the repository.
  public var path: String

  public init(path: String) { self.path = path }
}

extension KustomizeOptions: RenderingTool {
  var options: [String: [String]] { ["path": [path]] }
  var programs: [String] { ["kustomize", "kubectl"] }
  var installation: String { "install kustomize or kubectl" }

  func versionArguments(of program: String) -> [String]? {
    program == "kubectl" ? ["version", "--client"] : ["version"]
  }

  /// The restriction is kustomize's default; it is said so that no setting of the machine can lift it.
  func arguments(of program: String, _ places: RenderingPlaces) -> [String] {
    [program == "kubectl" ? "kustomize" : "build", "--load-restrictor=LoadRestrictionsRootOnly", "--", "./\(path)"]
  }

  func check(_ inputs: InputFiles) throws { try KustomizationCheck(inputs: inputs).check(path) }
}
