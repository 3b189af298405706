import MooringModel

/// Which of the objects that went and came are the same under another name: by content, and only where there is one of
/// each, since of several nobody knows which went where.
struct RenamedObjects {
  private var others: [ObjectName: ObjectName] = [:]

  /// Files without content are all alike, and links with one target are too often.
  init(_ differences: [LiveDifference]) {
    var (gone, come): ([ContentID: [ObjectName]], [ContentID: [ObjectName]]) = ([:], [:])
    for difference in differences {
      switch (difference.expected, difference.found) {
      case (let expected?, nil): if let content = expected.told { gone[content, default: []].append(difference.object) }
      case (nil, let found?): if let content = found.told { come[content, default: []].append(difference.object) }
      default: break
      }
    }
    for (content, old) in gone {
      guard let new = come[content], let from = old.first, let to = new.first, old.count == 1, new.count == 1 else {
        continue
      }
      others[from] = to
      others[to] = from
    }
  }

  /// Where a removed object went, or where one that was added came from.
  subscript(object: ObjectName) -> ObjectName? { others[object] }
}

extension LiveObject {
  fileprivate var told: ContentID? { kind == .file && size != 0 ? content : nil }
}
