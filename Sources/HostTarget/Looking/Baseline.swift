import Glibc
import MooringModel

/// What Mooring left below a folder, object by object, with what was last seen of each: as contiguous records, since
/// there may be 100,000 of them in memory for months.
struct Baseline: Sendable {
  struct Record: Sendable, BitwiseCopyable {
    static let file: UInt8 = 0
    static let link: UInt8 = 1
    static let folder: UInt8 = 2
    /// A folder that others made, on the way to something of ours.
    static let passage: UInt8 = 3

    /// What is in this folder and isn't ours is reported.
    static let isWatched: UInt8 = 1
    static let isIgnored: UInt8 = 2
    /// `stamp` and `found` are of one moment, and a later change moves the stamp.
    static let isKnown: UInt8 = 4

    /// Where the name begins in `names`.
    var name: UInt32
    var nameLength: UInt16
    var kind: UInt8
    var flags: UInt8 = 0
    var mode: UInt32 = 0
    var owner: UInt32 = 0
    var group: UInt32 = 0
    /// Children stand together, sorted by name, after their folder.
    var firstChild: UInt32 = 0
    var childCount: UInt32 = 0
    /// The look in which it was last seen.
    var round: UInt32 = 0
    /// Bytes of the file as it should be; -1 until they are known.
    var size: Int64 = -1
    /// What should be there, of files and links.
    var content: Content = .init()
    /// What was there.
    var found: Content = .init()
    /// Of what was there; of a folder only the device.
    var stamp = FileStamp()

    func has(_ flag: UInt8) -> Bool { flags & flag != 0 }
    mutating func set(_ flag: UInt8, _ isSet: Bool) { flags = isSet ? flags | flag : flags & ~flag }

    var isFolder: Bool { kind >= Self.folder }
    var children: Range<Int> { Int(firstChild)..<(Int(firstChild) + Int(childCount)) }
  }

  /// A content's identity without an optional's byte: all of it zero where there is none.
  struct Content: Equatable, Sendable, BitwiseCopyable {
    var high: UInt64 = 0
    var middle: UInt64 = 0
    var low: UInt32 = 0

    init() {}

    init(_ id: ContentID?) {
      guard let id else { return }
      (high, middle, low) = (id.high, id.middle, id.low)
    }

    var id: ContentID? { self == Content() ? nil : ContentID(high: high, middle: middle, low: low) }
  }

  /// The first one is the folder itself.
  var records: [Record]
  /// Each with a NUL after it.
  var names: [UInt8]

  /// The name's bytes.
  func name(of index: Int) -> ArraySlice<UInt8> {
    let record = records[index]
    return names[Int(record.name)..<(Int(record.name) + Int(record.nameLength))]
  }

  /// The child of this name. Logarithmic in the number of children.
  func child(of index: Int, named name: UnsafePointer<CChar>, length: Int) -> Int? {
    names.withUnsafeBytes { names in
      guard let names = names.baseAddress else { return nil }
      let children = records[index].children
      var (low, high) = (children.lowerBound, children.upperBound)
      while low < high {
        let middle = (low + high) / 2
        let (start, count) = (Int(records[middle].name), Int(records[middle].nameLength))
        let order = memcmp(names + start, name, min(count, length))
        if order == 0 && count == length { return middle }
        if order < 0 || (order == 0 && count < length) { low = middle + 1 } else { high = middle }
      }
      return nil
    }
  }

  func child(of index: Int, named name: FileName) -> Int? {
    name.terminated.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.flatMap { child(of: index, named: $0, length: bytes.count - 1) }
    }
  }

  /// The record at a path, or where the records end on the way to it.
  func index(at path: some Sequence<FileName>) -> Int? {
    var index = 0
    for name in path {
      guard let next = child(of: index, named: name) else { return nil }
      index = next
    }
    return index
  }

  /// Marks what the rules keep out of sight.
  mutating func apply(_ rules: LookRules) {
    for index in records.indices { records[index].set(Record.isIgnored, false) }
    if !rules.ignored.isEmpty { ignore(below: 0, at: [], by: rules) }
  }

  private mutating func ignore(below index: Int, at path: [[UInt8]], by rules: LookRules) {
    for child in records[index].children {
      let path = path + [Array(name(of: child))]
      if rules.ignore(path, isFolder: records[child].isFolder, isOurs: true) {
        records[child].set(Record.isIgnored, true)
      } else {
        ignore(below: child, at: path, by: rules)
      }
    }
  }
}

extension Baseline.Record {
  /// What should be there, for others.
  var expected: LiveObject {
    switch kind {
    case Self.file:
      LiveObject(kind: .file, content: content.id, size: size < 0 ? nil : Int(size), mode: mode, owner: account)
    case Self.link: LiveObject(kind: .link, content: content.id)
    case Self.folder: LiveObject(kind: .folder, mode: mode, owner: account)
    default: LiveObject(kind: .folder)
    }
  }

  private var account: String { "\(owner):\(group)" }
}
