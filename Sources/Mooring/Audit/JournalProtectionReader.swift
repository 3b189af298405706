import Documents
import MooringModel

/// Reads `journal.sign` and `journal.timestamp`.
struct JournalProtectionReader {
  let absolute: (String) -> String

  func signing(_ reader: MappingReader) -> JournalSigning {
    defer { reader.finish() }
    let signing = JournalSigning(
      key: file("key", reader), allowedSigners: file("allowedSigners", reader),
      revokedKeys: file("revokedKeys", reader),
      since: time("since", reader))
    if signing.key == nil, signing.allowedSigners == nil {
      reader.report("should name a `key` to sign with, or the `allowedSigners` of others")
    }
    return signing
  }

  func timestamps(_ reader: MappingReader) -> JournalTimestamps? {
    defer { reader.finish() }
    let every = reader.optionalDuration("every") ?? .seconds(86_400)
    if every < .seconds(1) { reader.report("should be at least 1s", key: "every") }
    let timeout = reader.optionalDuration("timeout") ?? .seconds(30)
    let allowsLinkLocal = reader.optionalBool("allowLinkLocal") ?? false
    let since = time("since", reader)
    guard let url = reader.string("url"), let authorities = reader.string("authorities") else { return nil }
    if !url.hasPrefix("http://"), !url.hasPrefix("https://") {
      reader.report("should be an http or https URL", key: "url")
    }
    return JournalTimestamps(
      url: url, authorities: absolute(authorities), every: every, timeout: timeout, allowsLinkLocal: allowsLinkLocal,
      since: since)
  }

  private func file(_ key: String, _ reader: MappingReader) -> String? {
    guard let name = reader.optionalString(key) else { return nil }
    if name.isEmpty { reader.report("should name a file", key: key) }
    return absolute(name)
  }

  private func time(_ key: String, _ reader: MappingReader) -> Timestamp? {
    guard let text = reader.optionalString(key) else { return nil }
    let time = Timestamp(parsing: text) ?? Timestamp(parsing: text + "T00:00:00Z")
    if time == nil { reader.report("should be a day or a time in RFC 3339, as in 2026-03-01T09:00:00Z", key: key) }
    return time
  }
}
