import Crypto
import FoundationEssentials
import Glibc
import MooringModel

/// Makes the marks by which a state of production is known again without saying anything about it.
///
/// HMAC-SHA256 with a key that never leaves the state directory, cut to 128 bits: who reads the journal can't try
/// passwords against it. A lost key makes every open drift look changed once, and nothing else.
struct FingerprintKey: Sendable {
  private let key: SymmetricKey

  /// The state directory's own key, made when it is missing.
  init(in state: StateDirectory) throws {
    let path = state.path + "/fingerprint.key"
    if !FileManager.default.fileExists(atPath: path) {
      let fresh = SymmetricKey(size: .bits256).withUnsafeBytes { bytes in
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      }
      try DurableFolder.writeOnce(fresh, to: path)
    }
    guard let bytes = FileManager.default.contents(atPath: path), bytes.count >= 32 else {
      throw Fault(
        .state, "the key of fingerprints can't be read", at: path, remedy: "remove it: another one is made")
    }
    key = SymmetricKey(data: bytes)
  }

  /// 32 hexadecimal digits.
  func fingerprint(of parts: [String]) -> String {
    var code = HMAC<SHA256>(key: key)
    for part in parts {
      code.update(data: Array("\(part.utf8.count):".utf8))
      code.update(data: Array(part.utf8))
    }
    return code.finalize().prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
