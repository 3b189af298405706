import Documents
import MooringModel
import Registries

/// Reads `registries`: which ones may be asked, and how.
struct RegistryReader {
  let absolute: (String) -> String

  func read(_ reader: MappingReader) -> [RegistryAccess] {
    reader.mappings("registries").map { host, child in
      defer { child.finish() }
      if host.isEmpty || host.contains("/") || host.contains("@") || host.contains(" ") {
        child.report("not a registry's host: write it as images name it, as in ghcr.io or registry.example:5000")
      }
      return RegistryAccess(
        host: host, allowsHTTP: child.optionalBool("allowHTTP") ?? false,
        credentialsFile: child.optionalString("credentials").map(absolute), realm: child.optionalString("realm"),
        caFile: child.optionalString("caFile").map(absolute))
    }
  }
}
