import Documents
import MooringModel

/// Reads `notifications`: each exactly one way to tell somebody, and what of.
struct NotificationReader {
  private static let ways = ["log", "command", "webhook", "slack"]

  let environments: Set<EnvironmentName>
  /// Makes a path absolute.
  let absolute: (String) -> String

  func read(_ parent: MappingReader) -> [NotificationChannel] {
    var channels: [NotificationChannel] = []
    for reader in parent.mappingList("notifications") {
      guard let channel = channel(reader) else { continue }
      if channels.contains(where: { $0.name == channel.name }) {
        reader.report(
          "another channel goes the same way: give each a `name` of its own", key: reader.has("name") ? "name" : nil)
      }
      channels.append(channel)
    }
    return channels
  }

  private func channel(_ reader: MappingReader) -> NotificationChannel? {
    defer { reader.finish() }
    let name = name(reader)
    let on = kinds(reader)
    let environments = self.environments(reader)
    let quiet = reader.optionalDuration("quiet")
    let present = Self.ways.filter { reader.has($0) }
    guard present.count == 1, let way = present.first else {
      reader.report("should have exactly one of \(Self.ways.joined(separator: ", "))")
      return nil
    }
    guard let means = means(way, reader) else { return nil }
    var channel = NotificationChannel(name: name ?? Self.name(of: means), means, environments: environments)
    if let on { channel.on = on }
    if let quiet { channel.quiet = quiet }
    return channel
  }

  private func means(_ way: String, _ reader: MappingReader) -> NotificationChannel.Means? {
    switch way {
    case "log":
      reader.mapping("log")?.finish()
      return .log
    case "command":
      guard let arguments = reader.strings("command") else { return nil }
      if arguments.first?.isEmpty ?? true { reader.report("should name a program", key: "command") }
      return .command(arguments)
    case "webhook": return reader.mapping("webhook").flatMap(webhook)
    default: return reader.mapping("slack").flatMap(slack)
    }
  }

  private func webhook(_ reader: MappingReader) -> NotificationChannel.Means? {
    defer { reader.finish() }
    let way = way(reader)
    let file = reader.string("secretFile").map(absolute)
    guard let url = reader.string("url") else { return nil }
    judge(url, way, reader, key: "url")
    return file.map { .webhook(url: url, secretFile: $0, way) }
  }

  private func slack(_ reader: MappingReader) -> NotificationChannel.Means? {
    defer { reader.finish() }
    let way = way(reader)
    let (file, url) = (reader.optionalString("webhookFile"), reader.optionalString("webhook"))
    if let file, url == nil { return .slack(.file(absolute(file)), way) }
    guard let url, file == nil else {
      reader.report("should have exactly one of webhookFile and webhook")
      return nil
    }
    judge(url, way, reader, key: "webhook")
    return .slack(.inline(url), way)
  }

  private func way(_ reader: MappingReader) -> NotificationChannel.HTTPWay {
    var way = NotificationChannel.HTTPWay(
      caFile: reader.optionalString("caFile").map(absolute), allowsHTTP: reader.optionalBool("allowHTTP") ?? false,
      allowsLinkLocal: reader.optionalBool("allowLinkLocal") ?? false)
    guard let timeout = reader.optionalDuration("timeout") else { return way }
    if timeout < .milliseconds(100) || timeout > .seconds(60) {
      reader.report("should be from 100ms to 60s", key: "timeout")
    }
    way.timeout = timeout
    return way
  }

  private func judge(_ url: String, _ way: NotificationChannel.HTTPWay, _ reader: MappingReader, key: String) {
    if let problem = NotificationURL.problem(with: url, way) { reader.report(problem, key: key) }
  }

  private func name(_ reader: MappingReader) -> String? {
    guard let name = reader.optionalString("name") else { return nil }
    do throws(Fault) { _ = try EnvironmentName(name) } catch {
      reader.report("not a name: use letters, digits, '-', '_' and '.'", key: "name")
    }
    return name
  }

  private func kinds(_ reader: MappingReader) -> Set<Notification.Kind>? {
    guard let names = reader.optionalStrings("on") else { return nil }
    let known = Notification.Kind.allCases.map(\.rawValue)
    if names.isEmpty { reader.report("should name at least one of \(known.joined(separator: ", "))", key: "on") }
    for name in names where !known.contains(name) {
      reader.report(
        "should be of \(known.joined(separator: ", ")), not \(name.debugDescription)", key: "on",
        suggestion: NearestName.nearest(to: name, among: known))
    }
    return Set(names.compactMap(Notification.Kind.init))
  }

  private func environments(_ reader: MappingReader) -> Set<EnvironmentName>? {
    guard let names = reader.optionalStrings("environments") else { return nil }
    let known = Dictionary(uniqueKeysWithValues: environments.map { ($0.string, $0) })
    if names.isEmpty { reader.report("should name at least one environment, or be left out", key: "environments") }
    for name in names where known[name] == nil {
      reader.report(
        "no environment has this name: \(name.debugDescription)", key: "environments",
        suggestion: NearestName.nearest(to: name, among: Array(known.keys)))
    }
    return Set(names.compactMap { known[$0] })
  }

  /// The same for the same way, whatever stands before it in the file: the place in the journal is kept under it.
  private static func name(of means: NotificationChannel.Means) -> String {
    let (kind, identity) =
      switch means {
      case .log: ("log", "")
      case .command(let arguments): ("command", arguments.joined(separator: "\0"))
      case .webhook(let url, _, _): ("webhook", url)
      case .slack(.file(let path), _): ("slack", path)
      case .slack(.inline(let url), _): ("slack", url)
      }
    guard !identity.isEmpty else { return kind }
    // Short enough that nobody finds the URL from it.
    let digest = Digest.short(of: identity)
    return "\(kind)-\(digest)"
  }

  private enum Digest {
    /// Eight hexadecimal digits (FNV-1a, 32 bits): told apart, not proven.
    static func short(of text: String) -> String {
      let hash = text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
      let digits = String(hash, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }
  }
}
