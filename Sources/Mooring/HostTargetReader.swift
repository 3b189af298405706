import Documents
import MooringModel

/// Reads `target.host`.
struct HostTargetReader {
  let folder: String
  let reader: MappingReader

  func read() -> HostTargetOptions? {
    defer { reader.finish() }
    let layout = reader.optionalChoice("layout", HostTargetOptions.Layout.self) ?? .switch
    guard let root = reader.string("root") else { return nil }
    var options = HostTargetOptions(
      root: ConfiguredPath.plain(ConfiguredPath.absolute(root, in: folder)), validate: program("validate"),
      reload: program("reload"), layout: layout)
    if let limit = reader.optionalDuration("validateWithin") { options.validateTimeLimit = limit }
    if let limit = reader.optionalDuration("reloadWithin") { options.reloadTimeLimit = limit }
    options.persistent = persistent()
    if let keep = reader.optionalInt("keep") {
      if keep < 2 { reader.report("should be at least 2, or there is nothing to go back to", key: "keep") }
      options.keep = keep
    }
    if let choice = reader.optionalChoice("onForeign", HostTargetOptions.ForeignFiles.self) {
      options.onForeign = choice
    }
    options.attributes = attributes()
    refuseKeys(ofOther: layout)
    return options
  }

  private func program(_ key: String) -> [String]? { reader.optionalStrings(key) }

  private func persistent() -> [RelativePath] {
    (reader.optionalStrings("persistent") ?? []).compactMap { path in
      do throws(Fault) { return try RelativePath(path) } catch { reader.report(error.what, key: "persistent") }
      return nil
    }
  }

  private func attributes() -> [AttributeRule] {
    (reader.optionalStrings("attributes") ?? []).compactMap { line in
      do throws(Fault) { return try AttributeRule(line, at: "") } catch { reader.report(error.what, key: "attributes") }
      return nil
    }
  }

  private func refuseKeys(ofOther layout: HostTargetOptions.Layout) {
    let (keys, other) =
      layout == .switch ? (["onForeign", "attributes"], "inPlace") : (["persistent", "keep"], "switch")
    for key in keys where reader.has(key) { reader.report("belongs to the \(other) layout", key: key) }
  }
}
