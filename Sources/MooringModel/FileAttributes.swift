/// What is declared of a file besides its content; what is `nil` has its default.
public struct FileAttributes: Sendable, Hashable {
  /// Permission bits, at most 0o777: setuid, setgid and sticky bits can't be declared.
  public var mode: UInt16?
  /// A user's name, or a number.
  public var owner: String?
  /// A group's name, or a number.
  public var group: String?

  public init(mode: UInt16? = nil, owner: String? = nil, group: String? = nil) {
    self.mode = mode
    self.owner = owner
    self.group = group
  }

  /// These, with what `later` declares in their place.
  public func overridden(by later: FileAttributes) -> FileAttributes {
    FileAttributes(mode: later.mode ?? mode, owner: later.owner ?? owner, group: later.group ?? group)
  }

  /// Takes one `key=value` in.
  ///
  /// - Returns: What is wrong with it; `nil` where nothing is.
  public mutating func set(_ key: some StringProtocol, to value: some StringProtocol) -> String? {
    switch key {
    case "mode":
      guard (3...5).contains(value.utf8.count), let bits = UInt16(value, radix: 8) else {
        return "not a mode: \(String(value.prefix(20)).debugDescription), which should be octal, as in 0640"
      }
      guard bits <= 0o777 else { return "setuid, setgid and sticky bits are refused: \(value)" }
      mode = bits
    case "owner", "group":
      guard Self.isAccount(value) else { return "not a user or group: \(String(value.prefix(40)).debugDescription)" }
      if key == "owner" { owner = String(value) } else { group = String(value) }
    default: return "unknown attribute \(String(key.prefix(40)).debugDescription): there are mode, owner and group"
    }
    return nil
  }

  /// As `useradd` allows names, and digits.
  private static func isAccount(_ name: some StringProtocol) -> Bool {
    let bytes = name.utf8
    return (1...32).contains(bytes.count) && bytes.first != UInt8(ascii: "-")
      && bytes.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "_-.$@".utf8.contains(byte)
      }
  }
}
