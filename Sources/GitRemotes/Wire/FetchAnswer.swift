import Git

/// What one slice of history brought besides its objects.
struct FetchAnswer: Hashable, Sendable {
  var objects = 0
  /// Commits that came without their parents.
  var newBorders: Set<ObjectID> = []
  /// Former borders whose parents have come.
  var formerBorders: Set<ObjectID> = []
}
