import Crypto

/// The keys of hosts that somebody has vouched for: a `known_hosts` file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").
///
/// `ssh` itself decides whom it connects to. This is read to explain what it decided, and to refuse authorities that
/// nobody asked for.
public struct KnownHosts: Sendable, Hashable {
  public static let maximumBytes = 8 << 20
  public static let maximumLines = 100_000
  public static let maximumLineBytes = 65_536

  public enum Marker: Sendable, Hashable { case certAuthority, revoked }

  /// A line that could be read.
  public struct Entry: Sendable, Hashable {
    public var marker: Marker?
    public var hosts: HostPatterns
    public var key: HostKey
    /// From 1.
    public var line: Int
  }

  public private(set) var entries: [Entry] = []
  /// Lines that can't be read; `ssh`, which is less strict, may find a key in one all the same.
  public private(set) var unreadable: [Int] = []
  /// Those of them that begin with `@cert-authority`.
  public private(set) var unreadableAuthorities: [Int] = []

  /// - Throws: `tooLarge` past the limits.
  public init(_ bytes: [UInt8]) throws(RemoteError) {
    guard bytes.count <= Self.maximumBytes else { throw Self.tooLarge("\(Self.maximumBytes) bytes") }
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      guard number <= Self.maximumLines else { throw Self.tooLarge("\(Self.maximumLines) lines") }
      read(line, number)
    }
  }

  private static func tooLarge(_ limit: String) -> RemoteError {
    RemoteError(.tooLarge, "a file of host keys of more than \(limit)", remedy: "name a smaller one with `knownHosts`")
  }

  private mutating func read(_ line: ArraySlice<UInt8>, _ number: Int) {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0d }
    let words = line.prefix(Self.maximumLineBytes).split(maxSplits: 5, whereSeparator: isSpace).prefix(5)
    var fields = words.map { String(decoding: $0, as: UTF8.self) }[...]
    guard let first = fields.first, !first.hasPrefix("#") else { return }
    var marker: Marker?
    func skip() {
      unreadable.append(number)
      if marker == .certAuthority { unreadableAuthorities.append(number) }
    }
    if first.hasPrefix("@") {
      guard let known = Self.marker(first) else { return skip() }
      marker = known
      fields = fields.dropFirst()
    }
    guard line.count <= Self.maximumLineBytes, fields.count >= 3, let hosts = HostPatterns(fields[fields.startIndex]),
      let key = HostKey(type: fields[fields.startIndex + 1], base64: fields[fields.startIndex + 2])
    else { return skip() }
    entries.append(Entry(marker: marker, hosts: hosts, key: key, line: number))
  }

  private static func marker(_ text: String) -> Marker? {
    switch text {
    case "@cert-authority": .certAuthority
    case "@revoked": .revoked
    default: nil
    }
  }

  /// What is said of a host.
  public func entries(for host: String, port: Int) -> [Entry] {
    let name = HostPatterns.name(of: host, port: port)
    return entries.filter { $0.hosts.contain(name) }
  }
}
