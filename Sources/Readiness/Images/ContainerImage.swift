/// The name of an image: `[HOST[:PORT]/]PATH[:TAG][@DIGEST]`.
///
/// Format: [distribution/reference](https://github.com/distribution/reference). A name without a host is Docker Hub's, and
/// one without a path there is below `library`.
public struct ContainerImage: Hashable, Sendable, CustomStringConvertible {
  public var host: String
  public var path: String
  public var tag: String?
  /// `sha256:` and 64 digits.
  public var digest: String?
  public let description: String

  /// `nil` for what isn't a name of an image.
  public init?(_ text: String) {
    description = text
    guard text.utf8.count <= 1024 else { return nil }
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 {
      guard Self.isDigest(parts[1]) else { return nil }
      digest = String(parts[1])
    }
    var name = parts[0]
    let slash = name.lastIndex(of: "/") ?? name.startIndex
    if let colon = name[slash...].lastIndex(of: ":") {
      tag = String(name[name.index(after: colon)...])
      name = name[..<colon]
      guard let tag, Self.isTag(tag) else { return nil }
    }
    let first = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let hasHost = first.count == 2 && (first[0].contains(".") || first[0].contains(":") || first[0] == "localhost")
    host = hasHost ? String(first[0]) : "docker.io"
    path = hasHost ? String(first[1]) : String(name)
    if host == "docker.io", !path.contains("/") { path = "library/" + path }
    guard Self.isPath(path), Self.isHost(host) else { return nil }
  }

  /// Whether what it names can't change: a digest, or a tag that is a commit.
  public var isFixed: Bool { digest != nil || tag.map(Self.isCommit) ?? false }

  /// A tag, or a part of one between dashes, dots and underscores, of 7 to 40 hexadecimal digits that isn't a number.
  static func isCommit(_ tag: String) -> Bool {
    tag.utf8.split { "-._".utf8.contains($0) }.contains { part in
      (7...40).contains(part.count) && part.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        && (part.count == 40 || part.contains { $0 > 57 } && part.contains { $0 <= 57 })
    }
  }

  private static func isDigest(_ text: Substring) -> Bool {
    text.hasPrefix("sha256:") && text.utf8.count == 71
      && text.utf8.dropFirst(7).allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }

  private static func isTag(_ text: String) -> Bool {
    (1...128).contains(text.utf8.count) && !".-".contains(text.first ?? ".")
      && text.utf8.allSatisfy { isWord($0) || $0 == 46 || $0 == 45 || (65...90).contains($0) }
  }

  private static func isPath(_ text: String) -> Bool {
    !text.isEmpty
      && text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
        part.utf8.first.map { (48...57).contains($0) || (97...122).contains($0) } == true
          && part.utf8.allSatisfy { isWord($0) || $0 == 46 || $0 == 45 } && part != ".."
      }
  }

  private static func isHost(_ text: String) -> Bool {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, let name = parts.first, !name.isEmpty else { return false }
    return name.first != "." && name.first != "-"
      && name.utf8.allSatisfy { isWord($0) || $0 == 46 || $0 == 45 || (65...90).contains($0) }
      && (parts.count == 1 || UInt16(parts[1]) != nil)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...122).contains(byte) || byte == 95
  }
}
