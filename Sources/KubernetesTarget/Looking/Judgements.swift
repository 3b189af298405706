import Kubernetes
import MooringModel
import Synchronization

/// What an environment's objects were found to be when they were last seen, each by a hash of what it was like then: while
/// the watch says that an object is still like that, nobody has to ask about it.
///
/// Objects are judged where they are seen anyway: in the server's answer to what was applied, and in what a watch tells.
final class Judgements: Sendable {
  struct Finding: Sendable {
    var content: ContentHash
    var deviation: Deviation?
    var generation: ObjectGeneration
    /// Whether it was seen to be healthy since the last deployment or heal began, by the rules that hold where an operator
    /// has said nothing else.
    var isHealthy: Bool
  }

  private struct State {
    var digest: ReleaseDigest
    var manifests: ManifestSet
    var judge: ObjectJudge
    var findings: [Identity: Finding] = [:]

    func manifest(of identity: Identity) -> (Manifest, ObjectJudge, ReleaseDigest)? {
      guard let manifest = manifests[identity], manifest.wishes.hook == nil else { return nil }
      return (manifest, judge, digest)
    }
  }

  private let state = Mutex<State?>(nil)

  /// From now on objects are compared with this release.
  ///
  /// - Parameter keeping: Objects whose manifests are the same as before: what was found of them holds.
  func begin(
    _ digest: ReleaseDigest, _ manifests: ManifestSet, _ judge: ObjectJudge, keeping: (ObjectReference) -> Bool
  ) {
    state.withLock { state in
      let old = state?.findings ?? [:]
      var new = State(digest: digest, manifests: manifests, judge: judge)
      for manifest in manifests.manifests where keeping(manifest.reference) {
        let identity = Identity(manifest.reference)
        new.findings[identity] = old[identity]
        new.findings[identity]?.isHealthy = false
      }
      state = new
    }
  }

  var digest: ReleaseDigest? { state.withLock { $0?.digest } }

  subscript(identity: Identity) -> Finding? { state.withLock { $0?.findings[identity] } }

  /// Judges an object that was seen just now.
  ///
  /// - Returns: What is found of it, and whether that is what was found before; `nil` for what the release doesn't have.
  @discardableResult
  func judge(_ object: KubernetesObject) throws -> (finding: Finding, isOld: Bool)? {
    let identity = Identity(object.reference)
    guard let (manifest, judge, digest) = state.withLock({ $0?.manifest(of: identity) }) else { return nil }
    let finding = Finding(
      content: ContentHash(object), deviation: try judge.deviation(manifest, object),
      generation: ObjectGeneration(object), isHealthy: HealthRules().health(of: object).status == .healthy)
    return state.withLock { state in
      guard state?.digest == digest else { return nil }
      // A watch tells of what was before an apply after the apply was answered.
      if let known = state?.findings[identity], finding.generation.isBefore(known.generation) { return (known, true) }
      let old = state?.findings.updateValue(finding, forKey: identity)
      return (finding, old != nil && old?.deviation == finding.deviation)
    }
  }

  /// The same where it is no matter if it can't be judged: it is asked about later.
  func see(_ object: KubernetesObject) {
    do { try judge(object) } catch { forget(Identity(object.reference)) }
  }

  /// Whether objects are healthy is to be seen anew.
  func forgetHealth() {
    state.withLock { state in
      for identity in state?.findings.keys.map({ $0 }) ?? [] { state?.findings[identity]?.isHealthy = false }
    }
  }

  /// What is known of an object was found before this one was made of it: nothing older is judged any more.
  func outdate(by object: KubernetesObject) {
    let generation = ObjectGeneration(object)
    state.withLock { $0?.findings[Identity(object.reference)]?.generation = generation }
  }

  /// An object was deleted, or nobody knows what it is like.
  func forget(_ identity: Identity) {
    state.withLock { $0?.findings[identity] = nil }
  }
}
