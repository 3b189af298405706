import Kubernetes
import MooringModel

/// Asks the server what it makes of a manifest where an object differs in fields that nobody else has set: by a dry run,
/// once for each content that such an object has.
extension ClusterLook {
  func isAskedAbout(_ deviation: Deviation?, _ live: KubernetesObject) -> Bool {
    isAskedAbout(deviation, of: Identity(live.reference), as: ContentHash(live))
  }

  func isAskedAbout(_ deviation: Deviation?, of identity: Identity, as content: ContentHash) -> Bool {
    guard let deviation, deviation.isOpen else { return false }
    return !judge.comparer.rewritings.wasAsked(about: identity, as: content)
  }

  /// How an object deviates, by all that the server says.
  func judged(_ manifest: Manifest, _ live: KubernetesObject) async throws -> Deviation? {
    let deviation = try self.deviation(manifest, live)
    let (identity, content) = (Identity(live.reference), ContentHash(live))
    guard isAskedAbout(deviation, of: identity, as: content) else { return deviation }
    judge.comparer.rewritings.noteAsked(about: identity, as: content)
    guard let answer = try await answer(to: manifest) else { return deviation }
    try judge.comparer.note(answer: answer, to: manifest)
    return try self.deviation(manifest, live)
  }

  /// What the server would make of a manifest; `nil` where it says nothing of it: without the right to write, or where a
  /// webhook can't be asked by dry runs.
  private func answer(to manifest: Manifest) async throws(KubernetesError) -> KubernetesObject? {
    let options = WriteOptions(fieldManager: judge.comparer.manager, force: true, isDryRun: true)
    do {
      return try await client.apply(
        ApplyBody.json(manifest, owner: owner), to: manifest.reference, options)
    } catch {
      let ofObject: [KubernetesError.Code] = [.invalid, .conflict, .forbidden, .notFound, .tooLarge, .serverFailure]
      guard ofObject.contains(error.code) else { throw error }
      return nil
    }
  }
}
