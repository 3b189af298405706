/// Paths as a configuration writes them: relative to the folder that it is in.
enum ConfiguredPath {
  static func absolute(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") || path.contains("://") ? path : folder + "/" + path
  }

  /// Without `.`, `..` and a `/` at the end: a target's root is told apart by its path.
  static func plain(_ path: String) -> String {
    var components: [Substring] = []
    for component in path.split(separator: "/") where component != "." {
      if component == ".." { _ = components.popLast() } else { components.append(component) }
    }
    return "/" + components.joined(separator: "/")
  }
}
