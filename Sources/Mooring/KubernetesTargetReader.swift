import Documents
import MooringModel

/// Reads `target.kubernetes`.
struct KubernetesTargetReader {
  let folder: String
  let reader: MappingReader

  func read() -> KubernetesTargetOptions? {
    defer { reader.finish() }
    var options = KubernetesTargetOptions(
      kubeconfig: reader.optionalString("kubeconfig").map { ConfiguredPath.absolute($0, in: folder) },
      context: reader.optionalString("context"), namespace: reader.optionalString("namespace") ?? "default",
      namespaces: reader.optionalStrings("namespaces") ?? [], execPlugins: reader.optionalStrings("execPlugins") ?? [])
    if options.context != nil, options.kubeconfig == nil {
      reader.report("is a context of a kubeconfig, and none is named", key: "context")
    }
    if let choice = reader.optionalChoice("onConflict", KubernetesTargetOptions.ConflictChoice.self) {
      options.onConflict = choice
    }
    options.clusterObjects = reader.optionalBool("clusterObjects") ?? false
    options.check = reader.optionalBool("check") ?? true
    if let within = reader.optionalDuration("readyWithin") { options.readyWithin = within }
    if let prune = reader.optionalMapping("prune") { options.prune = self.prune(prune) }
    options.leaseDuration = reader.optionalMapping("lease").flatMap(lease)
    options.ignoredManagers = Set(reader.optionalStrings("ignoreManagers") ?? [])
    options.takeOverFrom = Set(reader.optionalStrings("takeOverFrom") ?? [])
    if options.takeOverFrom.contains(where: { $0.isEmpty || $0.hasPrefix("mooring") }) {
      reader.report(
        "should name field managers of other tools; nothing is taken from another environment", key: "takeOverFrom")
    }
    options.health = reader.mappingList("health").compactMap(health)
    return options
  }

  private func lease(_ reader: MappingReader) -> Duration? {
    defer { reader.finish() }
    guard let duration = reader.optionalDuration("duration") else { return nil }
    guard KubernetesTargetOptions.leaseDurations.contains(duration) else {
      reader.report("should be from 2s to 1h", key: "duration")
      return nil
    }
    return duration
  }

  private func prune(_ reader: MappingReader) -> KubernetesTargetOptions.PruneOptions {
    defer { reader.finish() }
    var options = KubernetesTargetOptions.PruneOptions()
    if let share = reader.optionalString("share") {
      let number = share.hasSuffix("%") ? Double(share.dropLast()).map { $0 / 100 } : nil
      if let number, (0...1).contains(number) {
        options.share = number
      } else {
        reader.report("should be a share such as 50%", key: "share")
      }
    }
    options.kinds = Set(reader.optionalStrings("kinds") ?? [])
    let known = ["Namespace", "CustomResourceDefinition", "PersistentVolumeClaim", "PersistentVolume"]
    for kind in options.kinds.sorted() where !known.contains(kind) {
      reader.report(
        "is pruned without being named here", key: "kinds", suggestion: NearestName.nearest(to: kind, among: known))
    }
    return options
  }

  private func health(_ reader: MappingReader) -> KubernetesTargetOptions.HealthRule? {
    defer { reader.finish() }
    let kind = reader.string("kind")
    let healthy = reader.strings("healthy")
    let degraded = reader.optionalStrings("degraded") ?? []
    guard let kind, let healthy, let text = reader.string("field") else { return nil }
    do {
      return .init(kind: kind, field: try FieldPath(parsing: text), healthy: healthy, degraded: degraded)
    } catch {
      reader.report("should be a field's path, as in `status.phase`: \(error)", key: "field")
      return nil
    }
  }
}
