import FoundationEssentials
import MooringTestSupport
import Processes
import Testing

@testable import Registries

/// Against Debian's `docker-registry`, with and without a password.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/docker-registry")), .inTurn)
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
    try await Registry.running(password: "s3cret") { registry in
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
