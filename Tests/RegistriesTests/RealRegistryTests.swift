import FoundationEssentials
import MooringTestSupport
import Processes
import Testing

@testable import Registries

/// Against Debian's `docker-registry`, with and without a password.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: Registry.program)), .inTurn)
struct RealRegistryTests {
  @Test func `A registry says what is there, what a tag is, and what is gone`() async throws {
    try await Registry.running { registry in
      let digest = try await registry.push("team/shop", tag: "1.4")
      let client = try RegistryClient([RegistryAccess(host: registry.host, allowsHTTP: true)])
      let tag = RegistryImage(host: registry.host, path: "team/shop", reference: "1.4")
      let fixed = RegistryImage(host: registry.host, path: "team/shop", reference: digest)
      let gone = RegistryImage(
        host: registry.host, path: "team/shop", reference: "sha256:" + String(repeating: "0", count: 64))
      let answers = try await client.answers(to: [tag, fixed, gone])
      await client.close()
      #expect(
        answers == [
          tag: .success(.found(digest: digest)), fixed: .success(.found(digest: digest)), gone: .success(.missing),
        ])
    }
  }

  @Test func `Credentials are those of the file, for the host that they are for`() async throws {
    try await Registry.running(.password("s3cret")) { registry in
      _ = try await registry.push("shop", tag: "1")
      let image = RegistryImage(host: registry.host, path: "shop", reference: "1")
      func answer(_ file: String?) async throws -> Result<RegistryAnswer, RegistryError>? {
        let client = try RegistryClient([
          RegistryAccess(host: registry.host, allowsHTTP: true, credentialsFile: file)
        ])
        let answers = try await client.answers(to: [image])
        await client.close()
        return answers[image]
      }
      let own = try registry.credentials(for: registry.host, "mooring:s3cret")
      guard case .success(.found)? = try await answer(own) else {
        Issue.record("not let in with the right password")
        return
      }
      let wrong = try registry.credentials(for: registry.host, "mooring:wrong")
      let others = try registry.credentials(for: "other.example", "mooring:s3cret")
      for file in [nil, wrong, others] {
        guard case .failure(let error)? = try await answer(file) else {
          Issue.record("let in")
          return
        }
        #expect(!error.description.contains("s3cret") && !error.description.contains("wrong"))
      }
    }
  }

  @Test func `A thousand images are asked about at once`() async throws {
    try await Registry.running { registry in
      let digest = try await registry.push("shop", tag: "1")
      let images = Set(
        (0..<1_000).map { RegistryImage(host: registry.host, path: "shop", reference: $0 == 0 ? digest : "t\($0)") })
      let client = try RegistryClient([RegistryAccess(host: registry.host, allowsHTTP: true)])
      let answers = try await client.answers(to: images)
      await client.close()
      #expect(answers.count == images.count)
      #expect(answers.values.allSatisfy { if case .success = $0 { true } else { false } })
    }
  }

  @Test func `Tokens are asked of the server that the operator names, with the credentials that are for the registry`()
    async throws
  {
    let tokens = try await TokenServer()
    let folder = try TemporaryFolder()
    var digest = ""
    try await Registry.running(in: folder) { registry in
      digest = try await registry.push("public/shop", tag: "1")
      _ = try await registry.push("private/shop", tag: "1")
    }
    let kept = digest
    try await Registry.running(.tokens(realm: tokens.realm, certificate: tokens.certificate), in: folder) { registry in
      func answer(
        _ path: String, _ user: String? = nil, realm: String? = nil
      ) async throws -> Result<RegistryAnswer, RegistryError>? {
        let file = try user.map { try registry.credentials(for: registry.host, $0) }
        let image = RegistryImage(host: registry.host, path: path, reference: "1")
        return try await RegistryClient.asking([
          RegistryAccess(host: registry.host, allowsHTTP: true, credentialsFile: file, realm: realm)
        ]) { try await $0.answers(to: [image])[image] }
      }
      // A registry may not send credentials where it likes.
      let astray = try await answer("private/shop", "mooring:s3cret")
      guard case .failure(let error)? = astray else {
        Issue.record("it went where the registry sent it")
        return
      }
      #expect(error.description.contains("`realm`") && error.description.contains(tokens.host))
      #expect(try tokens.requests == [])
      #expect(try await answer("public/shop", realm: tokens.host) == .success(.found(digest: kept)))
      #expect(try await answer("private/shop", "mooring:s3cret", realm: tokens.host) == .success(.found(digest: kept)))
      for user in [nil, "mooring:wrong"] {
        guard case .failure(let refused)? = try await answer("private/shop", user, realm: tokens.host) else {
          Issue.record("let in")
          return
        }
        #expect(refused.description.contains("401") && !refused.description.contains("wrong"), "\(refused)")
      }
      #expect(
        try tokens.requests == [
          "repository:public/shop:pull -", "repository:private/shop:pull mooring:s3cret",
          "repository:private/shop:pull -",
          "repository:private/shop:pull mooring:wrong",
        ])
    }
  }

  @Test func `A token is asked for once, and not for each image`() async throws {
    let tokens = try await TokenServer()
    try await Registry.running(.tokens(realm: tokens.realm, certificate: tokens.certificate)) { registry in
      let images = Set(
        (0..<40).map { RegistryImage(host: registry.host, path: "public/shop", reference: "t\($0)") })
      let access = RegistryAccess(host: registry.host, allowsHTTP: true, realm: tokens.host)
      let answers = try await RegistryClient.asking([access]) { client in
        _ = try await client.answers(to: Set(images.prefix(1)))
        return try await client.answers(to: images)
      }
      #expect(answers.values.allSatisfy { $0 == .success(.missing) }, "\(answers)")
      #expect(try tokens.requests.count == 1)
    }
  }

  @Test func `A registry that isn't listed isn't asked`() async throws {
    let client = try RegistryClient([])
    let image = RegistryImage(host: "169.254.169.254", path: "latest", reference: "meta-data")
    let answers = try await client.answers(to: [image])
    await client.close()
    guard case .failure(let error)? = answers[image] else {
      Issue.record("it was asked")
      return
    }
    #expect(error.description.contains("registries"))
  }

  @Test func `What a registry asks for is read`() throws {
    let challenge = try #require(
      Challenge("Bearer realm=\"https://auth.example/token\",service=\"registry, eu\",scope=\"repository:a/b:pull\""))
    #expect(challenge.scheme == "bearer")
    #expect(challenge.parameters["realm"] == "https://auth.example/token")
    #expect(challenge.parameters["service"] == "registry, eu")
    #expect(Challenge("Basic realm=\"x") == nil)
    #expect(Challenge(String(repeating: "x", count: 5000)) == nil)
  }
}
