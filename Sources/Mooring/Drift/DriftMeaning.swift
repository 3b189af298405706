import Documents
import MooringModel

/// What a difference between live and deployed means: which fields, which lines, which attributes.
struct DriftMeaning: Sendable {
  /// The largest file whose fields or lines are compared.
  static let largestCompared = 4 << 20
  /// Tasks that compare at a time; each holds one object's contents.
  private static let tasks = 4
  /// Objects for which another task is worth its while.
  private static let leastShare = 32
  let contents: StoredRelease
  let target: any Target
  let key: FingerprintKey
  let policy: DriftPolicy
  let secrets: SecretRules
  /// What people said is not to be judged, as far as it is in force.
  let ignores: [DriftIgnored]
  var accounts = AccountNames()
  /// Objects that were changed again while they were read: what they are now is for the next look to tell.
  private(set) var moved: Set<ObjectName> = []

  /// What many differences mean, in their order, and which objects moved meanwhile: worked out on several processors.
  func meanings(of all: [LiveDifference]) async throws -> (differences: [Difference?], moved: Set<ObjectName>) {
    let share = max(Self.leastShare, (all.count + Self.tasks - 1) / Self.tasks)
    return try await withThrowingTaskGroup(of: (Int, [Difference?], Set<ObjectName>).self) { group in
      for start in stride(from: 0, to: all.count, by: share) {
        group.addTask {
          var (meaning, differences) = (self, [Difference?]())
          for live in all[start..<min(start + share, all.count)] {
            try Task.checkCancellation()
            differences.append(try await meaning.difference(live))
          }
          return (start, differences, meaning.moved)
        }
      }
      var (parts, moved) = ([Int: [Difference?]](), Set<ObjectName>())
      for try await (start, differences, gone) in group {
        parts[start] = differences
        moved.formUnion(gone)
      }
      return (parts.sorted { $0.key < $1.key }.flatMap(\.value), moved)
    }
  }

  /// - Returns: `nil` where everything in which the object differs is ignored.
  mutating func difference(_ live: LiveDifference) async throws -> Difference? {
    if ignores.contains(where: { $0.field == nil && live.object.isInside($0.object) }) { return nil }
    guard let expected = live.expected else { return added(live) }
    guard let seen = live.found else {
      return Difference(object: live.object, kind: .removed, fingerprint: key.fingerprint(of: ["removed"]))
    }
    let content = try await content(of: live.object, expected, seen)
    if content == nil, hasMoved(seen, since: expected) {
      moved.insert(live.object)
      return nil
    }
    // It may have changed again since it was seen: what is told has to be of one moment.
    let found = content?.object ?? seen
    guard !found.isLike(expected) else { return nil }
    var difference = Difference(object: live.object, kind: .changed, fingerprint: "")
    attributes(expected, found, &difference)
    let count = difference.fields.count
    difference.fields.removeAll { isIgnored($0, of: live.object) }
    var isPartial = difference.fields.count < count
    if expected.kind == found.kind, expected.content != found.content {
      isPartial = try compare(expected, found, content, &difference) || isPartial
      if isPartial, difference.fields.isEmpty, difference.lines.isEmpty { return nil }
    } else if difference.fields.isEmpty {
      return nil
    }
    difference.fingerprint = fingerprint(of: found, difference, isPartial: isPartial)
    cut(&difference)
    return difference
  }

  /// What nobody put there is told by what it is, and by no byte of it.
  private mutating func added(_ live: LiveDifference) -> Difference? {
    guard let found = live.found else { return nil }
    let size = found.size.map { ", \($0) bytes" } ?? ""
    let owner = found.owner.map { ", of \(accounts.names(of: $0))" } ?? ""
    let what = FieldChange(.attribute, "kind", old: nil, new: "\(found.kind.rawValue)\(size)\(owner)")
    let difference = Difference(object: live.object, kind: .added, fields: [what], fingerprint: "")
    return isIgnored(what, of: live.object)
      ? nil
      : Difference(
        object: live.object, kind: .added, fields: [what],
        fingerprint: fingerprint(of: found, difference, isPartial: false))
  }

  private func isIgnored(_ change: FieldChange, of object: ObjectName) -> Bool {
    guard let path = try? FieldPath(parsing: change.field) else { return false }
    return policy.ignoredFields.contains { $0.matches(object, path) }
      || ignores.contains { ignored in
        ignored.object == object && (ignored.field.flatMap { try? FieldPath(parsing: $0) }).map(path.isInside) ?? false
      }
  }

  // MARK: Attributes

  private mutating func attributes(_ expected: LiveObject, _ found: LiveObject, _ difference: inout Difference) {
    guard expected.kind == found.kind else {
      difference.fields.append(
        FieldChange(.attribute, "kind", old: expected.kind.rawValue, new: found.kind.rawValue))
      return
    }
    if let old = expected.mode, let new = found.mode, old != new {
      difference.fields.append(
        FieldChange(.attribute, "mode", old: String(old, radix: 8), new: String(new, radix: 8)))
    }
    if let old = expected.owner, let new = found.owner, old != new {
      difference.fields.append(
        FieldChange(.attribute, "owner", old: accounts.names(of: old), new: accounts.names(of: new)))
    }
  }

  // MARK: Content

  /// What stands there now, where that is to be compared with what was deployed; `nil` where it can't be read.
  private func content(
    of object: ObjectName, _ expected: LiveObject, _ seen: LiveObject
  ) async throws -> LiveContent? {
    guard expected.kind == seen.kind, expected.content != seen.content else { return nil }
    return try await target.read(object, limit: Self.largestCompared)
  }

  /// Whether what was seen could have been read, had it still been there.
  private func hasMoved(_ seen: LiveObject, since expected: LiveObject) -> Bool {
    expected.kind == seen.kind && expected.content != seen.content && seen.content != nil && seen.problem == nil
      && (seen.size ?? 0) <= Self.largestCompared
  }

  /// - Returns: Whether a part of it is ignored.
  private func compare(
    _ expected: LiveObject, _ found: LiveObject, _ content: LiveContent?, _ difference: inout Difference
  ) throws -> Bool {
    let object = difference.object
    let old = try content?.expected ?? expected.content.map { try contents.read($0) }
    guard let old, let new = content?.bytes, old.count <= Self.largestCompared else {
      difference.fields.append(
        FieldChange(
          .attribute, "content", old: expected.size.map { "\($0) bytes" },
          new: found.problem ?? found.size.map { "\($0) bytes" }))
      return false
    }
    if found.kind == .link {
      difference.fields.append(FieldChange(.attribute, "target", old: Self.text(old), new: Self.text(new)))
      return false
    }
    // Fields of a cluster's object are JSON, whatever it is called.
    let path = found.kind == .object ? "\(object.releasePath).json" : object.releasePath
    return compare(old, new, path, isSecret: secrets.hides(object, mode: expected.mode), &difference)
  }

  private func compare(
    _ old: [UInt8], _ new: [UInt8], _ path: String, isSecret: Bool, _ difference: inout Difference
  ) -> Bool {
    let object = difference.object
    let file = differences(from: old, to: new, path: path)
    let isSecret = isSecret || secrets.hideAll(of: file, old, new)
    switch file.content {
    case .fields(let documents):
      let changes = documents.flatMap { document in
        document.fields.map { secrets.change($0, of: document, isSecret: isSecret) }
      }
      let kept = changes.filter { !isIgnored($0, of: object) }
      difference.fields += kept
      difference.changesValues = !kept.isEmpty || difference.fields.contains { $0.aspect == .attribute }
      return kept.count < changes.count
    case .lines where isSecret, .binary where isSecret:
      difference.fields.append(FieldChange(.attribute, "content", old: nil, new: nil, isSecret: true))
    case .binary:
      difference.fields.append(
        FieldChange(.attribute, "content", old: "\(old.count) bytes", new: "\(new.count) bytes"))
    case .lines(let hunks):
      difference.lines = hunks.flatMap { hunk in
        "\(hunk)".split(separator: "\n", omittingEmptySubsequences: false).map { line in
          Self.text(Array(secrets.withoutSecrets(line: String(line)).utf8))
        }
      }
    }
    return false
  }

  // MARK: Form

  /// Where a part is ignored, of what is left: a change of what is ignored is no news.
  private func fingerprint(of found: LiveObject, _ difference: Difference, isPartial: Bool) -> String {
    let content = found.content?.hex ?? found.stamp ?? ""
    if isPartial { return key.fingerprint(of: ["part"] + difference.fields.map(\.description) + difference.lines) }
    return key.fingerprint(
      of: [found.kind.rawValue, content, found.mode.map(String.init) ?? "", found.owner ?? "", found.problem ?? ""])
  }

  private func cut(_ difference: inout Difference) {
    let listed = Difference.listed
    difference.more = max(0, difference.fields.count - listed) + max(0, difference.lines.count - listed)
    difference.fields = Array(difference.fields.prefix(listed))
    difference.lines = Array(difference.lines.prefix(listed))
  }

  private static func text(_ bytes: [UInt8]) -> String { FieldChange.bounded(String(decoding: bytes, as: UTF8.self)) }
}

extension LiveObject {
  /// Whether another one is the same in all that is judged.
  fileprivate func isLike(_ other: Self) -> Bool {
    kind == other.kind && content == other.content && mode == other.mode && owner == other.owner && problem == nil
  }
}
