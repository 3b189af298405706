extension Repository {
  /// The message that `git revert` writes for undoing a commit; a merge is undone against its first parent.
  ///
  /// As Git 2.39's sequencer.c, whose words have not changed since 1.5 for the first revert of a commit.
  public static func revertMessage(for commit: Commit, mainline: Int? = nil) -> String {
    // Git quotes the first line here, not the whole first paragraph.
    let title = commit.message.split(separator: "\n").first { !$0.allSatisfy(\.isWhitespace) } ?? ""
    let subject = "Revert \"\(title)\"\n\nThis reverts commit \(commit.id)"
    guard commit.parents.count > 1 else { return subject + ".\n" }
    let number = mainline ?? 1
    guard commit.parents.indices.contains(number - 1) else { return subject + ".\n" }
    return subject + ", reversing\nchanges made to \(commit.parents[number - 1]).\n"
  }
}
