/// `render: { helm: … }`
public struct HelmOptions: Sendable, Hashable {
  /// The chart's folder or archive, in the repository.
  public var chart: String
  public var release: String
  public var namespace: String?
  /// Files of values in the repository; a later one wins.
  public var values: [String]
  /// Single values over those of the files: the path as `helm --set` has it, and JSON.
  public var overrides: [String: String]
  public var kubeVersion: String?
  public var apiVersions: [String]

  public init(
    chart: String, release: String, namespace: String? = nil, values: [String] = [], overrides: [String: String] = [:],
    kubeVersion: String? = nil, apiVersions: [String] = []
  ) {
    self.chart = chart
    self.release = release
    self.namespace = namespace
    self.values = values
    self.overrides = overrides
    self.kubeVersion = kubeVersion
    self.apiVersions = apiVersions
  }
}

extension HelmOptions: RenderingTool {
  var options: [String: [String]] {
    var options = ["chart": [chart], "release": [release]]
    options["namespace"] = namespace.map { [$0] }
    options["kubeVersion"] = kubeVersion.map { [$0] }
    if !values.isEmpty { options["values"] = values }
    if !apiVersions.isEmpty { options["apiVersions"] = apiVersions }
    if !overrides.isEmpty { options["set"] = assignments }
    return options
  }

  private var assignments: [String] { overrides.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } }

  var programs: [String] { ["helm"] }
  var installation: String { "install helm" }
  func versionArguments(of program: String) -> [String]? { ["version", "--short"] }

  /// Custom resource definitions are part of the release, tests of the chart aren't.
  func arguments(of program: String, _ places: RenderingPlaces) -> [String] {
    var arguments = ["template", "--include-crds", "--skip-tests"]
    if let namespace { arguments += ["--namespace=\(namespace)"] }
    arguments += values.map { "--values=./\($0)" }
    arguments += assignments.map { "--set-json=\($0)" }
    if let kubeVersion { arguments += ["--kube-version=\(kubeVersion)"] }
    arguments += apiVersions.map { "--api-versions=\($0)" }
    return arguments + ["--", release, "./\(chart)"]
  }

  func check(_ inputs: InputFiles) throws { try ChartCheck(inputs: inputs).check(chart) }
}
