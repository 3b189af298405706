import Documents

/// What was found of one field of an object, for `mooring drift --explain`.
struct FieldNote: Sendable, Hashable {
  enum Finding: Sendable, Hashable {
    // What is no drift.
    case same
    /// Said in another way.
    case spelling
    /// Empty in the manifest, and left out by the server.
    case leftOut
    case ofController
    case rewritten
    case ignored
    case ofServer
    /// There, not in the manifest, and set by nobody: a default, or what admission added.
    case ofNobody
    /// There, not in the manifest any more, and ours.
    case kept
    // What is drift.
    case differs, gone, added
  }

  let path: FieldPath
  let finding: Finding

  var isDrift: Bool { [.differs, .gone, .added].contains(finding) }
}
