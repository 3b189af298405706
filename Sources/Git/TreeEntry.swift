/// One line of a tree: a name, what kind of thing it names, and the thing's id.
public struct TreeEntry: Hashable, Sendable {
  public enum Mode: Hashable, Sendable {
    case directory, regular, executable, link, submodule
    /// A mode that Git itself no longer writes, such as 0o100664.
    case other(UInt32)

    public init(rawValue: UInt32) {
      self =
        switch rawValue {
        case 0o040000: .directory
        case 0o100644: .regular
        case 0o100755: .executable
        case 0o120000: .link
        case 0o160000: .submodule
        default: .other(rawValue)
        }
    }

    public var rawValue: UInt32 {
      switch self {
      case .directory: 0o040000
      case .regular: 0o100644
      case .executable: 0o100755
      case .link: 0o120000
      case .submodule: 0o160000
      case .other(let value): value
      }
    }

    /// Whether the id is a blob's: neither a folder nor a commit of another repository.
    public var isBlob: Bool {
      switch self {
      case .regular, .executable, .link: true
      case .directory, .submodule: false
      case .other(let value): value & 0o170000 == 0o100000
      }
    }
  }

  public var rawName: [UInt8]
  public var mode: Mode
  public var id: ObjectID

  public init(name: String, mode: Mode, id: ObjectID) {
    self.init(rawName: Array(name.utf8), mode: mode, id: id)
  }

  public init(rawName: [UInt8], mode: Mode, id: ObjectID) {
    self.rawName = rawName
    self.mode = mode
    self.id = id
  }

  /// The name with what isn't UTF-8 replaced.
  public var name: String { String(decoding: rawName, as: UTF8.self) }

  public var isUTF8: Bool { String(validating: rawName, as: UTF8.self) != nil }

  /// Git's order of a tree's entries: by bytes, a folder as though its name ended in `/`.
  static func precedes(_ left: TreeEntry, _ right: TreeEntry) -> Bool {
    compare(left, right) < 0
  }

  /// Negative, zero or positive, as Git's `base_name_compare`.
  static func compare(_ left: TreeEntry, _ right: TreeEntry) -> Int {
    let shared = min(left.rawName.count, right.rawName.count)
    for index in 0..<shared where left.rawName[index] != right.rawName[index] {
      return Int(left.rawName[index]) - Int(right.rawName[index])
    }
    return Int(left.byte(after: shared)) - Int(right.byte(after: shared))
  }

  private func byte(after shared: Int) -> UInt8 {
    if rawName.count > shared { return rawName[shared] }
    return mode == .directory ? UInt8(ascii: "/") : 0
  }
}
