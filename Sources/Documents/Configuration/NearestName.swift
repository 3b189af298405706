/// The name that was probably meant.
public enum NearestName {
  /// The nearest of `names` by restricted Damerau-Levenshtein distance, when it is at most a third of the longer name's
  /// length (but at least one edit) away; the first of equals.
  public static func nearest(to name: String, among names: some Sequence<String>) -> String? {
    let own = Array(name.lowercased().unicodeScalars.prefix(64))
    var best: (name: String, distance: Int)? = nil
    for candidate in names {
      let other = Array(candidate.lowercased().unicodeScalars.prefix(64))
      let distance = distance(own, other)
      guard distance <= max(1, max(own.count, other.count) / 3), distance < max(own.count, other.count) else {
        continue
      }
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
  }

  /// Insertions, deletions, replacements, and exchanges of neighbours.
  static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    if a.isEmpty || b.isEmpty { return a.count + b.count }
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in 1...a.count {
      var row = [i] + [Int](repeating: 0, count: b.count)
      for j in 1...b.count {
        let cost = a[i - 1] == b[j - 1] ? 0 : 1
        row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { row[j] = min(row[j], beforeLast[j - 2] + 1) }
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}
