import Foundation
import Processes

/// Keys of all kinds, made by the real `ssh-keygen` and `gpg` in a folder that goes with this value.
public final class SigningKeys: Sendable {
  public let folder: TemporaryFolder
  private var home: String { folder["gnupg"] }

  public init() throws {
    folder = try TemporaryFolder("mooring-keys")
    try FileManager.default.createDirectory(
      atPath: folder["gnupg"], withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  /// A program refused.
  public struct Failure: Error, CustomStringConvertible {
    public var description: String
  }

  // MARK: SSH

  public func ssh(_ name: String = "ada", type: String = "ed25519") async throws -> Signer {
    let file = folder["\(name)-\(type)"]
    try await call(["ssh-keygen", "-q", "-t", type, "-N", "", "-C", name, "-f", file])
    let line = try await call(["ssh-keygen", "-l", "-f", file])
    let text = try String(contentsOfFile: file + ".pub", encoding: .utf8).trimmingCharacters(in: .newlines)
    return Signer(
      format: "ssh", key: file, environment: [:], publicKey: text,
      fingerprint: String(line.split(separator: " ").dropFirst().first ?? ""))
  }

  /// A signer whose key is certified by an authority, as `ssh-keygen -s` does.
  public func certified(_ signer: Signer, by authority: Signer, principal: String) async throws -> Signer {
    try await call(["ssh-keygen", "-q", "-s", authority.key, "-I", "test", "-n", principal, signer.key + ".pub"])
    var certified = signer
    certified.key = signer.key + "-cert.pub"
    return certified
  }

  /// Signs a commit's bytes by hand, in any namespace.
  public func sign(_ text: String, with signer: Signer, namespace: String) async throws -> String {
    let file = folder["message-\(UUID().uuidString)"]
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    try await call(["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", signer.key, file])
    return try String(contentsOfFile: file + ".sig", encoding: .utf8)
  }

  // MARK: OpenPGP

  public func openPGP(_ user: String = "Ada Lovelace <ada@example.com>", algorithm: String = "ed25519") async throws
    -> Signer
  {
    let lines = try await gpg(
      ["--faked-system-time", "20231231T000000", "--pinentry-mode", "loopback", "--passphrase", "", "--status-fd", "1"]
        + ["--quick-gen-key", user, algorithm, "sign", "never"])
    guard let made = lines.split(separator: "\n").first(where: { $0.contains("KEY_CREATED") }),
      let fingerprint = made.split(separator: " ").last.map(String.init)
    else { throw Failure(description: "gpg made no key: \(lines)") }
    return Signer(
      format: "openpgp", key: fingerprint, environment: ["GNUPGHOME": home],
      publicKey: try await export(fingerprint), fingerprint: fingerprint)
  }

  /// The public key after it has expired, on 2024-01-02.
  public func expired(_ signer: Signer) async throws -> String {
    try await gpg([
      "--faked-system-time", "20240101T000000", "--pinentry-mode", "loopback", "--passphrase", "",
      "--quick-set-expire", signer.key, "1d",
    ])
    return try await export(signer.key)
  }

  /// The public key after its owner revoked it.
  public func revoked(_ signer: Signer) async throws -> String {
    let certificate = try String(contentsOfFile: "\(home)/openpgp-revocs.d/\(signer.key).rev", encoding: .utf8)
    try await gpg(["--import"], input: certificate.replacingOccurrences(of: ":-----BEGIN", with: "-----BEGIN"))
    return try await export(signer.key)
  }

  private func export(_ key: String) async throws -> String { try await gpg(["--armor", "--export", key]) }

  @discardableResult
  private func gpg(_ arguments: [String], input: String = "") async throws -> String {
    try await call(["gpg", "--batch", "--no-options", "--homedir", home] + arguments, input: input)
  }

  @discardableResult
  private func call(_ arguments: [String], input: String = "") async throws -> String {
    let lines = LineCollector()
    let outcome = try await run(
      Program(arguments, directory: folder.path, timeLimit: .seconds(60)), input: Array(input.utf8)
    ) { lines.append($0) }
    guard outcome.succeeded else {
      throw Failure(description: "\(arguments.joined(separator: " ")) failed: \(outcome.output)")
    }
    return lines.text
  }
}
