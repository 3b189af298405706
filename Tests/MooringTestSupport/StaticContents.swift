public import MooringModel

/// A release's files as a test writes them down, with the identities that Git gives to such content.
public struct StaticContents: ReleaseContents {
  /// What stands at a path.
  public enum Entry: Sendable, ExpressibleByStringLiteral {
    case file([UInt8])
    case executable([UInt8])
    case link(String)

    public init(stringLiteral text: String) { self = .file(Array(text.utf8)) }
    public static func text(_ text: String) -> Entry { .file(Array(text.utf8)) }
    public static func script(_ text: String) -> Entry { .executable(Array(text.utf8)) }
  }

  public let digest: ReleaseDigest
  private let list: [ReleaseFile]
  private let contents: [ContentID: [UInt8]]

  /// - Throws: `Fault` of a path that is none.
  public init(_ entries: [String: Entry]) throws {
    try self.init(entries.map { ($0.key, $0.value) })
  }

  /// In any order; for paths that `String` takes for equal though Linux doesn't.
  public init(_ entries: [(path: String, entry: Entry)]) throws {
    var list: [ReleaseFile] = []
    var contents: [ContentID: [UInt8]] = [:]
    for (path, entry) in entries {
      let (kind, bytes): (ReleaseFile.Kind, [UInt8]) =
        switch entry {
        case .file(let bytes): (.regular, bytes)
        case .executable(let bytes): (.executable, bytes)
        case .link(let target): (.link, Array(target.utf8))
        }
      let id = try Self.blob(bytes)
      contents[id] = bytes
      list.append(ReleaseFile(path: try RelativePath(path), kind: kind, content: id))
    }
    self.list = list.sorted { $0.path < $1.path }
    self.contents = contents
    // Not a tree's identity, but as good as one: it changes with every path, kind and byte.
    digest = try Self.blob(Array(self.list.map { "\($0.path) \($0.kind) \($0.content)\n" }.joined().utf8))
  }

  public func files() throws -> [ReleaseFile] { list }

  public func read(_ content: ContentID) throws -> [UInt8] {
    guard let bytes = contents[content] else { throw Fault(.notFound, "no such content", at: content.hex) }
    return bytes
  }

  public func identity(of bytes: [UInt8]) throws -> ContentID { try Self.blob(bytes) }

  private static func blob(_ bytes: [UInt8]) throws -> ContentID {
    guard let id = ContentID(bytes: SHA1.digest(of: Array("blob \(bytes.count)\0".utf8) + bytes)) else {
      throw Fault(.unexpected, "a digest of the wrong size")
    }
    return id
  }
}

/// SHA-1, so that tests of targets need no Git. RFC 3174.
private enum SHA1 {
  static func digest(of message: [UInt8]) -> [UInt8] {
    var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
    var padded = message + [0x80]
    padded += [UInt8](repeating: 0, count: (120 - padded.count % 64) % 64)
    padded += (0..<8).map { UInt8(truncatingIfNeeded: (message.count * 8) >> (56 - 8 * $0)) }
    for start in stride(from: 0, to: padded.count, by: 64) { mix(padded[start..<(start + 64)], into: &state) }
    return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
  }

  private static func mix(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
    var words = [UInt32](repeating: 0, count: 80)
    for index in 0..<16 {
      words[index] = block.dropFirst(index * 4).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
    for index in 16..<80 {
      words[index] = rotate(words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16], by: 1)
    }
    var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
    for index in 0..<80 {
      let (choice, constant): (UInt32, UInt32) =
        switch index {
        case ..<20: ((b & c) | (~b & d), 0x5A82_7999)
        case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
        case ..<60: ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC)
        default: (b ^ c ^ d, 0xCA62_C1D6)
        }
      let next = rotate(a, by: 5) &+ choice &+ e &+ constant &+ words[index]
      (a, b, c, d, e) = (next, a, rotate(b, by: 30), c, d)
    }
    for (index, value) in [a, b, c, d, e].enumerated() { state[index] = state[index] &+ value }
  }

  private static func rotate(_ word: UInt32, by count: UInt32) -> UInt32 { word << count | word >> (32 - count) }
}
