import Documents
import Kubernetes
import Synchronization

/// What the API server makes of values that we apply, where it takes others: admission webhooks rewrite them
/// (kubernetes.io, "Dynamic Admission Control"). Managed fields don't tell of it, the field stays ours.
///
/// It is read from the server's answer to what was applied. Where nobody remembers that, a dry run asks for it. What a
/// person has changed is never taken for it: the field is theirs then.
final class Rewritings: Sendable {
  /// A value of a manifest, and what is there instead; `nil` where nothing is.
  struct Rewriting: Hashable, Sendable {
    var wanted: FieldValue
    var made: FieldValue?
  }

  private struct State {
    var known: [Identity: [FieldPath: Rewriting]] = [:]
    /// What objects were like when they were last asked about.
    var asked: [Identity: ContentHash] = [:]
  }

  private let state = Mutex(State())

  /// What is rewritten in an object.
  subscript(identity: Identity) -> [FieldPath: Rewriting] { state.withLock { $0.known[identity] ?? [:] } }

  func set(_ rewritings: [FieldPath: Rewriting], of identity: Identity) {
    state.withLock { $0.known[identity] = rewritings.isEmpty ? nil : rewritings }
  }

  /// Whether an object was asked about while it was as it is now.
  func wasAsked(about identity: Identity, as content: ContentHash) -> Bool {
    state.withLock { $0.asked[identity] == content }
  }

  func noteAsked(about identity: Identity, as content: ContentHash) {
    state.withLock { $0.asked[identity] = content }
  }
}
