import Documents
import MooringModel

/// Refuses a chart whose dependencies would have to be downloaded.
struct ChartCheck {
  let inputs: InputFiles

  /// - Throws: `Fault`.
  func check(_ chart: String) throws {
    // An archive brings its dependencies along; helm says where it doesn't.
    if try inputs.isFile(chart) { return }
    guard let file = ["Chart.yaml"].map({ chart == "." ? $0 : "\(chart)/\($0)" }).first,
      let root = try inputs.document(file)
    else { throw inputs.missing("\(chart)/Chart.yaml", as: "the chart") }
    let older = try inputs.document(chart == "." ? "requirements.yaml" : "\(chart)/requirements.yaml")
    let vendored = try inputs.names(in: chart == "." ? "charts" : "\(chart)/charts")
    let dependencies = (root["dependencies"]?.elements ?? []) + (older?["dependencies"]?.elements ?? [])
    for dependency in dependencies {
      guard let name = dependency["name"]?.scalar?.stringValue else { continue }
      let isVendored = vendored.contains { $0 == name || $0.hasPrefix(name + "-") && $0.hasSuffix(".tgz") }
      guard !isVendored else { continue }
      let source = dependency["repository"]?.scalar?.stringValue ?? "its repository"
      throw Fault(
        .refusedContent, "the chart's dependency \(name) would have to come from \(source.prefix(200))", at: file,
        remedy: "vendor it: run `helm dependency build \(chart)`, and commit \(chart)/charts")
    }
  }
}
