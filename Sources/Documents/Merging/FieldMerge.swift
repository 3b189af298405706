/// Merges the trees of one document's three versions, field by field. A pure function of them: no order depends on chance.
///
/// A field that only one side changed gets that side's value. Both sides' changes are independent when neither field lies
/// in the other: a mapping that one side removed, and in which the other changed something, is a conflict as a whole.
struct FieldMerge {
  struct Sides {
    var base: FieldValue?
    var ours: FieldValue?
    var theirs: FieldValue?

    /// What each side has for something within.
    func map(_ child: (FieldValue) -> FieldValue?) -> Sides {
      Sides(base: base.flatMap(child), ours: ours.flatMap(child), theirs: theirs.flatMap(child))
    }

    var all: [FieldValue?] { [base, ours, theirs] }
  }

  let document: String?
  let listKeys: ListKeys
  /// Whose value a field in conflict gets; nil when nobody has decided.
  let choose: (MergeConflict) -> MergeSide?
  /// What nobody has decided. The merge then is as if it were ours.
  private(set) var conflicts: [MergeConflict] = []

  init(document: String?, listKeys: ListKeys, choose: @escaping (MergeConflict) -> MergeSide?) {
    self.document = document
    self.listKeys = listKeys
    self.choose = choose
  }

  /// The merged value at a path; nil when nothing is there any more.
  mutating func merge(_ sides: Sides, at path: FieldPath) -> FieldValue? {
    if sides.theirs == sides.base { return sides.ours }
    if sides.ours == sides.base || sides.ours == sides.theirs { return sides.theirs }
    switch (sides.base, sides.ours, sides.theirs) {
    case (.mapping(let base), .mapping(let ours), .mapping(let theirs)):
      return mergeMappings(base, ours, theirs, at: path)
    case (.sequence(let base), .sequence(let ours), .sequence(let theirs)):
      return mergeLists(base, ours, theirs, at: path)
    case (.scalar(.string(let base)), .scalar(.string(let ours)), .scalar(.string(let theirs))):
      if let text = Self.mergeTexts(base, ours, theirs) { return .scalar(.string(text)) }
      return settle(sides, at: path)
    default: return settle(sides, at: path)
    }
  }

  /// Takes whatever side is chosen, and notes the conflict where none is.
  mutating func settle(_ sides: Sides, at path: FieldPath) -> FieldValue? {
    let conflict = MergeConflict(
      document: document, path: path, base: sides.base, ours: sides.ours, theirs: sides.theirs)
    switch choose(conflict) {
    case .theirs: return sides.theirs
    case .ours: return sides.ours
    case nil:
      conflicts.append(conflict)
      return sides.ours
    }
  }

  private mutating func mergeMappings(
    _ base: [FieldValue.Entry], _ ours: [FieldValue.Entry], _ theirs: [FieldValue.Entry], at path: FieldPath
  ) -> FieldValue {
    let (before, own, other) = (Self.table(base), Self.table(ours), Self.table(theirs))
    let all = ours + theirs.filter { own[ExactText($0.key)] == nil }
    return .mapping(
      all.compactMap { entry in
        let key = ExactText(entry.key)
        let sides = Sides(base: before[key], ours: own[key], theirs: other[key])
        return merge(sides, at: path.appending(key: entry.key)).map { FieldValue.Entry(key: entry.key, value: $0) }
      })
  }

  private static func table(_ entries: [FieldValue.Entry]) -> [ExactText: FieldValue] {
    Dictionary(entries.map { (ExactText($0.key), $0.value) }) { first, _ in first }
  }

  /// Texts of several lines, such as a file in a ConfigMap, are merged as Git would merge the file.
  private static func mergeTexts(_ base: String, _ ours: String, _ theirs: String) -> String? {
    guard [base, ours, theirs].allSatisfy({ $0.utf8.contains(0x0A) }) else { return nil }
    let merged = LineMerge(base: Array(base.utf8), ours: Array(ours.utf8), theirs: Array(theirs.utf8)).strict
    return merged.map { String(decoding: $0, as: UTF8.self) }
  }
}
