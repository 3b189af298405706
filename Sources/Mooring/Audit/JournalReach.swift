import Git

/// What a journal is known to have: the commits of its own line, and of those that unions took in.
struct JournalReach {
  var line: Set<ObjectID>
  var sides: Set<ObjectID> = []
  /// Whether the line couldn't be read to its beginning.
  var isBroken: Bool

  /// Whether the journal has a commit; `nil` where nobody can say, since what is missing may have it.
  func holds(_ commit: ObjectID) -> Bool? {
    if line.contains(commit) || sides.contains(commit) { return true }
    return isBroken ? nil : false
  }
}
