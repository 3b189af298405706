extension Repository {
  /// The signature of a commit, unverified, with the bytes that it signs; nil where the commit isn't signed.
  ///
  /// Linear in the commit's size, and bounded: see ``CommitSignature/largestCommit``.
  ///
  /// - Throws: `invalid` when the signature is malformed, oversized or not the only one; as `commit(_:)` otherwise.
  public func signature(of commit: ObjectID) throws(GitError) -> CommitSignature? {
    let operation = "read the signature of \(commit)"
    return try withObject(commit, operation) { (kind, bytes) throws(GitError) -> CommitSignature? in
      guard kind == .commit else { throw GitError(.invalid, "it is a \(kind)", operation: operation) }
      do throws(CommitSignatureParser.Refusal) {
        return try CommitSignatureParser.parse(bytes)
      } catch {
        throw GitError(.invalid, error.reason, operation: operation)
      }
    }
  }
}
