import Documents
import MooringModel

/// Reads `server`.
struct ServerReader {
  let environments: [EnvironmentName: EnvironmentConfiguration]
  /// Makes a path absolute.
  let absolute: (String) -> String

  func read(_ reader: MappingReader) -> ServerOptions {
    defer { reader.finish() }
    var options = ServerOptions()
    if let text = reader.optionalString("listen") {
      if let address = ListenAddress(text) {
        options.listen = address
      } else {
        reader.report("should be an address and a port, as in 127.0.0.1:8420 or [::1]:8420", key: "listen")
      }
    }
    options.tls = reader.optionalMapping("tls").flatMap(tls)
    options.audit = reader.mappingList("audit").compactMap(source)
    judge(options, reader)
    return options
  }

  private func tls(_ reader: MappingReader) -> ServerOptions.TLS? {
    defer { reader.finish() }
    let (certificate, key) = (reader.string("certificate"), reader.string("key"))
    guard let certificate, let key else { return nil }
    return ServerOptions.TLS(certificate: absolute(certificate), key: absolute(key))
  }

  private func source(_ reader: MappingReader) -> ServerOptions.AuditSource? {
    defer { reader.finish() }
    let file = reader.string("tokenFile").map(absolute)
    let clusters = clusters(reader)
    guard let cluster = clusters.first else {
      reader.report("no environment is in a cluster: there is nothing to be told of")
      return nil
    }
    if clusters.contains(where: { !$0.isSameCluster(as: cluster) }) {
      reader.report(
        "should be of one cluster: say which by `environments`, and list one with another token for each other cluster",
        key: reader.has("environments") ? "environments" : nil)
    }
    return file.map { ServerOptions.AuditSource(tokenFile: $0, cluster: cluster) }
  }

  /// The targets in clusters of the environments that are named, or of all.
  private func clusters(_ reader: MappingReader) -> [KubernetesTargetOptions] {
    let names = reader.optionalStrings("environments")
    let known = Dictionary(uniqueKeysWithValues: environments.keys.map { ($0.string, $0) })
    for name in names ?? [] where known[name].flatMap({ environments[$0] })?.target.cluster == nil {
      reader.report(
        "no environment in a cluster has this name: \(name.debugDescription)", key: "environments",
        suggestion: NearestName.nearest(to: name, among: known.keys.filter { $0 != name }))
    }
    let chosen = (names ?? known.keys.sorted()).compactMap { known[$0] }
    return chosen.compactMap { environments[$0]?.target.cluster }
  }

  /// A token on a line that others read is a token that others have.
  private func judge(_ options: ServerOptions, _ reader: MappingReader) {
    let allowsHTTP = reader.optionalBool("allowHTTP") ?? false
    if !options.audit.isEmpty, !options.listen.isLoopback, options.tls == nil, !allowsHTTP {
      reader.report(
        "should have `tls`, so that nobody on the way reads the token; or `allowHTTP: true`, where nobody is",
        key: "listen")
    }
    let files = options.audit.map(\.tokenFile)
    if Set(files).count < files.count { reader.report("each needs a token of its own", key: "audit") }
  }
}

extension TargetConfiguration {
  /// Of a target in a cluster.
  fileprivate var cluster: KubernetesTargetOptions? {
    if case .kubernetes(let options) = self { options } else { nil }
  }
}

extension KubernetesTargetOptions {
  fileprivate func isSameCluster(as other: Self) -> Bool {
    kubeconfig == other.kubeconfig && context == other.context
  }
}
