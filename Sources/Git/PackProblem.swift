/// Why a pack that arrives is refused.
package struct PackProblem: Error, Hashable {
  package enum Kind: Hashable {
    case malformed, tooLarge
  }

  package var kind: Kind
  package var message: String

  init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}
