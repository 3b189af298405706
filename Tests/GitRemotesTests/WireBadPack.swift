import GitRemotes
import MooringTestSupport

/// What is wrong with a pack.
enum WireBadPack: CaseIterable {
  case noPack, tooManyObjects, tooManyBytes, hugeObject, lyingSize, deltaBomb, cutShort, somethingBehind, notInflatable
  case wrongChecksum, incomplete, baseMissing, unknownKind

  var code: RemoteError.Code? {
    switch self {
    case .tooManyObjects, .tooManyBytes, .hugeObject, .deltaBomb: .tooLarge
    case .wrongChecksum, .baseMissing: nil  // libgit2's to find
    default: .malformed
    }
  }

  func bytes(from remote: GitFixture) throws -> [UInt8] {
    let whole = try Self.pack(of: remote, ["rev-list", "--objects", "--all"])
    switch self {
    case .noPack: return Array("this is no pack at all".utf8)
    case .tooManyObjects: return Self.header(objects: 0xffff_ffff)
    case .tooManyBytes: return whole
    case .hugeObject: return Self.header(objects: 1) + [0xbf, 0xff, 0xff, 0xff, 0x7f]
    case .lyingSize: return try lying(remote)
    case .deltaBomb:
      let delta: [UInt8] = [0x01, 0x80, 0x80, 0x80, 0x80, 0x10, 0x90, 0x01]
      return Self.header(objects: 1) + [0x78] + [UInt8](repeating: 7, count: 20) + Self.stored(delta)
    case .cutShort: return Array(whole.dropLast(30))
    case .somethingBehind: return whole + [0]
    case .notInflatable: return Self.header(objects: 1) + [0x35] + [UInt8](repeating: 0xff, count: 100)
    case .wrongChecksum: return whole.dropLast() + [whole[whole.count - 1] ^ 1]
    case .incomplete: return try Self.pack(of: remote, ["rev-list", "--all"])
    case .baseMissing:
      let delta: [UInt8] = [0x01, 0x01, 0x01, 0x41]
      return Self.header(objects: 1) + [0x74] + [UInt8](repeating: 7, count: 20) + Self.stored(delta)
        + [UInt8](repeating: 0, count: 20)
    case .unknownKind: return Self.header(objects: 1) + [0x55] + Self.stored(Array("hello".utf8))
    }
  }

  /// The zeros of the repository, which say that they are ten bytes.
  private func lying(_ remote: GitFixture) throws -> [UInt8] {
    let blob = try remote.git("rev-parse", "HEAD:zeros")
    let pack = try remote.tryGit(
      ["pack-objects", "--stdout", "--quiet"], input: Array("\(blob)\n".utf8)
    ).output
    let stream = pack.dropFirst(12).drop { $0 & 0x80 != 0 }.dropFirst()
    return Self.header(objects: 1) + [0x3a] + stream
  }

  private static func pack(of remote: GitFixture, _ list: [String]) throws -> [UInt8] {
    let ids = try remote.git(list).split(separator: "\n").map { "\($0.prefix(40))\n" }.joined()
    return try remote.tryGit(["pack-objects", "--stdout", "--quiet"], input: Array(ids.utf8)).output
  }

  private static func header(objects: UInt32) -> [UInt8] {
    Array("PACK".utf8) + [0, 0, 0, 2] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: objects >> $0) }
  }

  /// A zlib stream that is not compressed (RFC 1950, RFC 1951).
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var (low, high) = (1, 0)
    for byte in bytes {
      low = (low + Int(byte)) % 65_521
      high = (high + low) % 65_521
    }
    let count = UInt8(bytes.count)
    let sum = [high >> 8, high & 255, low >> 8, low & 255].map { UInt8($0) }
    return [0x78, 0x01, 0x01, count, 0, ~count, 0xff] + bytes + sum
  }
}
