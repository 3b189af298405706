import Documents
import Glibc
import MooringModel

/// The mode and the owner of an object as they are live, as far as they are to be adopted.
struct LiveAttributes {
  private static let names: Set<String> = ["mode", "owner"]

  /// What to declare; empty where there is nothing.
  private(set) var declared = FileAttributes()

  /// Those of an object that differs, of which all or only some fields are asked for.
  ///
  /// - Throws: `Fault` of what can't be declared.
  init(of difference: Difference, fields: [String]?) throws(Fault) {
    for change in difference.fields where change.aspect == .attribute && Self.names.contains(change.field) {
      guard fields?.contains(change.field) ?? true, let new = change.new else { continue }
      if change.field == "mode" {
        try set("mode", String(repeating: "0", count: max(0, 4 - new.count)) + new, difference.object)
      } else {
        try setOwner(new, difference.object)
      }
    }
  }

  /// Those of a file that nobody declared anything of.
  init(of live: LiveObject, _ object: ObjectName) throws(Fault) {
    if let mode = live.mode { try set("mode", "0" + String(mode, radix: 8), object) }
    var accounts = AccountNames()
    if let owner = live.owner, owner != "\(geteuid()):\(getegid())" {
      try setOwner(accounts.names(of: owner), object)
    }
  }

  /// Whether a field that a person names is the object's mode or owner, and no field of the document.
  static func isAttribute(_ field: String, of difference: Difference?) -> Bool {
    guard names.contains(field), let fields = difference?.fields else { return false }
    return fields.contains { $0.aspect == .attribute && $0.field == field }
      && !fields.contains { $0.aspect == .value && $0.field == field }
  }

  private mutating func setOwner(_ text: String, _ object: ObjectName) throws(Fault) {
    let parts = text.split(separator: ":")
    guard parts.count == 2 else { return }
    try set("owner", String(parts[0]), object)
    try set("group", String(parts[1]), object)
  }

  private mutating func set(_ key: String, _ value: String, _ object: ObjectName) throws(Fault) {
    guard let problem = declared.set(key, to: value) else { return }
    throw Fault(.refusedContent, "can't be adopted: \(problem)", at: object.string, remedy: "put it back")
  }
}
