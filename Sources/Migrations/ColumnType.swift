internal import Documents

/// A column's type as PostgreSQL calls it inside: `int4`, `varchar` with its modifiers, `text[]`.
struct ColumnType: Hashable, CustomStringConvertible {
  var name: String
  var modifiers: [Int] = []
  var isArray = false

  /// From the fields of a `TypeName`.
  init?(_ node: Node?) {
    guard let node = node?["TypeName"] ?? node else { return nil }
    var parts = node.names("names")
    if parts.count > 1, parts[0] == "pg_catalog" || parts[0] == RelationName.usual { parts.removeFirst() }
    guard !parts.isEmpty else { return nil }
    name = parts.joined(separator: ".")
    modifiers = node.list("typmods").compactMap { $0["A_Const"]?["ival"].map { $0.integer("ival") } }
    isArray = !node.list("arrayBounds").isEmpty
    if name == "interval", !modifiers.isEmpty { modifiers.removeFirst() }
    if name == "bpchar" || name == "bit", modifiers.isEmpty { modifiers = [1] }
    if name == "numeric", modifiers.count == 1 { modifiers.append(0) }
  }

  private init(_ name: String) { self.name = name }

  /// The integer behind a `serial`, whose column has a default and no nulls; `nil` for every other type.
  var behindSerial: ColumnType? {
    switch name {
    case "serial", "serial4": ColumnType("int4")
    case "bigserial", "serial8": ColumnType("int8")
    case "smallserial", "serial2": ColumnType("int2")
    default: nil
    }
  }

  var description: String {
    let known = [
      "int2": "smallint", "int4": "integer", "int8": "bigint", "bpchar": "char", "float4": "real",
      "float8": "double precision", "bool": "boolean", "varbit": "bit varying",
    ]
    let list = modifiers.isEmpty ? "" : "(\(modifiers.map(String.init).joined(separator: ",")))"
    return (known[name] ?? name) + list + (isArray ? "[]" : "")
  }

  // MARK: What holds what

  /// Whether every value of this type has its place in `other`, comes back as it was, and is still understood where a
  /// statement compares or writes it as this type.
  func fits(in other: ColumnType) -> Bool {
    if self == other { return true }
    if isArray || other.isArray { return isArray && other.isArray && name == other.name && fitsAlike(in: other) }
    if name == other.name { return fitsAlike(in: other) }
    switch (name, other.name) {
    case ("int2", "int4"), ("int2", "int8"), ("int4", "int8"): return true
    case ("int2", "float4"), ("int2", "float8"), ("int4", "float8"), ("float4", "float8"): return true
    case ("int2", "numeric"): return other.holdsIntegers(of: 5)
    case ("int4", "numeric"): return other.holdsIntegers(of: 10)
    case ("int8", "numeric"): return other.holdsIntegers(of: 19)
    case ("varchar", "text"), ("bpchar", "text"), ("json", "text"): return true
    case ("text", "varchar"): return other.modifiers.isEmpty
    case ("bpchar", "varchar"): return holdsLengths(of: other)
    case ("bit", "varbit"): return holdsLengths(of: other)
    case ("date", "timestamp"), ("date", "timestamptz"): return true
    case ("cidr", "inet"): return true
    default: return false
    }
  }

  /// Of the same name, with other modifiers.
  private func fitsAlike(in other: ColumnType) -> Bool {
    switch name {
    case "varchar", "varbit", "bpchar": return holdsLengths(of: other)
    case "timestamp", "timestamptz", "time", "timetz", "interval":
      // Microseconds, where nothing is said.
      return modifiers.first ?? 6 <= other.modifiers.first ?? 6
    case "numeric":
      guard other.modifiers.count == 2 else { return other.modifiers.isEmpty }
      guard modifiers.count == 2 else { return false }
      return other.modifiers[1] >= modifiers[1]
        && other.modifiers[0] - other.modifiers[1] >= modifiers[0] - modifiers[1]
    default: return false
    }
  }

  /// Whether `other`, where no length is any length, is at least as long.
  private func holdsLengths(of other: ColumnType) -> Bool {
    guard let limit = other.modifiers.first else { return true }
    return modifiers.first.map { $0 <= limit } ?? false
  }

  private func holdsIntegers(of digits: Int) -> Bool {
    modifiers.count < 2 || modifiers[0] - modifiers[1] >= digits
  }
}

extension Node {
  /// A number that is left out where it is zero.
  fileprivate func integer(_ key: String) -> Int { self[key]?.integer ?? 0 }
}
