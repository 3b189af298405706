import Git
import MooringModel
import MooringTestSupport
import Testing

@testable import Mooring

/// What a release for a cluster must not hold.
@Suite("Manifests") struct ManifestCheckTests {
  private func refusal(_ files: [String: String?], allowsPlaintext: Bool = false) throws -> String {
    let fixture = try GitFixture()
    let commit = try fixture.commit("Manifests", files: files)
    let repository = try fixture.open()
    do {
      try ManifestCheck(allowsPlaintext: allowsPlaintext).check(repository.commit(commit).tree, of: repository)
      return ""
    } catch let fault as Fault {
      return fault.description
    }
  }

  private static let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: hunter2}\n"

  @Test(
    "with plain secrets are refused, and say none of them",
    arguments: [
      ("a.yaml", secret), ("a.yaml", "a: 1\n---\n" + secret),
      (
        "a.json",
        #"{"kind":"List","apiVersion":"v1","items":[{"apiVersion":"v1","kind":"Secret","data":{"a":"hunter2"}}]}"#
      ),
      ("a.yaml", secret + "b: [\n"),
    ])
  func withPlainSecrets(path: String, content: String) throws {
    let said = try refusal([path: content])
    #expect(said.contains("\(path): ") && said.contains("secrets: plaintext"), "\(said)")
    #expect(!said.contains("hunter2"))
    #expect(try refusal([path: content], allowsPlaintext: true) == "")
  }

  @Test(
    "with secrets that hold nothing, or of another kind, are fine",
    arguments: [
      "apiVersion: v1\nkind: Secret\nmetadata: {name: t}\ntype: kubernetes.io/service-account-token\n",
      "apiVersion: v1\nkind: Secret\nmetadata: {name: t}\ndata: {}\n",
      "apiVersion: x.example.com/v1\nkind: Secret\ndata: {a: b}\n", "apiVersion: v1\nkind: SecretList\nitems: []\n",
    ])
  func thatAreFine(content: String) throws { #expect(try refusal(["a.yaml": content]) == "") }

  @Test("that SOPS encrypted are refused, whatever is allowed") func encrypted() throws {
    let content = Self.secret + "sops: {mac: \"ENC[AES256_GCM,data:x]\"}\n"
    #expect(try refusal(["a.yaml": content], allowsPlaintext: true).contains("a.yaml: encrypted by SOPS"))
    #expect(try refusal(["README.yaml": "about: sops and its mac\n"], allowsPlaintext: true) == "")
  }
}
