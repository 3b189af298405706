internal import CLibgit2

/// What failed in a repository, as a value: which kind, during what, and libgit2's own words and code for it.
public struct GitError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: String, Hashable, Sendable {
    case notFound, exists, ambiguous, conflict, nonFastForward, invalid, locked, unreadable
    case certificate, authentication, timeout, other
  }

  public var code: Code
  public var message: String
  /// What was being done, as a verb and its object: "read the commit 1a2b…".
  public var operation: String
  /// libgit2's return code, or 0 when the error is not libgit2's.
  public var cause: Int32

  public init(_ code: Code, _ message: String, operation: String, cause: Int32 = 0) {
    self.code = code
    self.message = message
    self.operation = operation
    self.cause = cause
  }

  public var description: String { "could not \(operation): \(message)" }
}

extension GitError {
  /// The failure that libgit2 has just reported on this thread: call it before anything else calls libgit2.
  init(code raw: Int32, operation: String) {
    let last = git_error_last()
    let text = last.flatMap { $0.pointee.message }.map { String(cString: $0) }
    let category = last.map { $0.pointee.klass } ?? 0
    self.init(
      Self.code(for: raw, category: category), text ?? "libgit2 reported \(raw)", operation: operation, cause: raw)
  }

  private static let codes: [Int32: Code] = [
    -3: .notFound,  // GIT_ENOTFOUND
    -4: .exists,  // GIT_EEXISTS
    -5: .ambiguous,  // GIT_EAMBIGUOUS
    -9: .notFound,  // GIT_EUNBORNBRANCH
    -10: .conflict,  // GIT_EUNMERGED
    -11: .nonFastForward,  // GIT_ENONFASTFORWARD
    -12: .invalid,  // GIT_EINVALIDSPEC
    -13: .conflict,  // GIT_ECONFLICT
    -14: .locked,  // GIT_ELOCKED
    -15: .conflict,  // GIT_EMODIFIED
    -16: .authentication,  // GIT_EAUTH
    -17: .certificate,  // GIT_ECERTIFICATE
    -19: .invalid,  // GIT_EPEEL
    -21: .invalid,  // GIT_EINVALID
    -24: .conflict,  // GIT_EMERGECONFLICT
    -33: .unreadable,  // GIT_EMISMATCH: the object's bytes don't have its id
    -36: .unreadable,  // GIT_EOWNER
    -37: .timeout,  // GIT_TIMEOUT, from libgit2 1.7 on
  ]

  private static func code(for raw: Int32, category: Int32) -> Code {
    if let code = codes[raw] { return code }
    let damaged: [git_error_t] = [
      GIT_ERROR_OS, GIT_ERROR_ZLIB, GIT_ERROR_ODB, GIT_ERROR_OBJECT, GIT_ERROR_TREE, GIT_ERROR_TAG, GIT_ERROR_INDEXER,
      GIT_ERROR_REPOSITORY, GIT_ERROR_FILESYSTEM, GIT_ERROR_CONFIG, GIT_ERROR_REFERENCE,
    ]
    return damaged.contains { Int32(bitPattern: $0.rawValue) == category } ? .unreadable : .other
  }
}

/// Turns a failing return code into an error, in the call's own scope: libgit2 keeps its message by thread.
@inline(__always)
func check(_ code: Int32, _ operation: @autoclosure () -> String) throws(GitError) {
  guard code < 0 else { return }
  throw GitError(code: code, operation: operation())
}
