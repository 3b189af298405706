/// A TOML value before its tree is complete: tables grow until the file ends.
indirect enum TOMLValue {
  case scalar(NodeRecord.ScalarType, TextReference, Range<Int>, NodeStyle)
  case array([TOMLValue], Range<Int>)
  case table(TOMLTable)
  /// `[[name]]`.
  case tables(TOMLTableList)
}

/// A TOML table that may still grow.
final class TOMLTable {
  /// How it came to be, which decides what may still be added.
  enum Origin {
    /// On the way to `[a.b.c]`, or the root.
    case implied
    /// `[a]` or `[[a]]`.
    case header
    /// `a.b = 1`.
    case dotted
    /// `{ … }`, complete.
    case inline
  }

  struct Entry {
    var key: TOMLKey
    var value: TOMLValue
  }

  var origin: Origin
  var range: Range<Int>
  private(set) var entries: [Entry] = []
  private var numbers: [ExactText: Int] = [:]

  init(_ origin: Origin, range: Range<Int>) {
    self.origin = origin
    self.range = range
  }

  subscript(name: String) -> TOMLValue? {
    numbers[ExactText(name)].map { entries[$0].value }
  }

  /// The key must be new.
  func add(_ key: TOMLKey, _ value: TOMLValue) {
    numbers[ExactText(key.name)] = entries.count
    entries.append(Entry(key: key, value: value))
  }

  /// Nothing can be added to an inline table, nor to the tables that its dotted keys made.
  func freeze() {
    origin = .inline
    for entry in entries {
      if case .table(let table) = entry.value { table.freeze() }
    }
  }
}

/// The tables of `[[name]]`; never empty.
final class TOMLTableList {
  private(set) var tables: [TOMLTable]
  private(set) var last: TOMLTable

  init(_ first: TOMLTable) {
    tables = [first]
    last = first
  }

  func add(_ table: TOMLTable) {
    tables.append(table)
    last = table
  }
}

/// One part of a key.
struct TOMLKey {
  var name: String
  var text: TextReference
  var range: Range<Int>
  var style: NodeStyle
}
