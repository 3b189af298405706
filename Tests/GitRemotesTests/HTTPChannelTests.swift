import Git
import GitRemotes
import MooringTestSupport
import Testing

/// HTTP and HTTPS, with `git http-backend` behind a real server.
@Suite(.inTurn) struct HTTPChannelTests {
  /// A repository with a commit, in a folder that can be served.
  private struct Served {
    let repository: GitFixture
    let name: String
    let root: String
    let head: String

    init() throws {
      let author = try GitFixture()
      try author.commit("First", files: ["a": "1"])
      repository = try GitFixture(cloning: author)
      let slash = repository.path.lastIndex(of: "/") ?? repository.path.startIndex
      root = String(repository.path[..<slash])
      name = String(repository.path[repository.path.index(after: slash)...])
      head = try repository.git("rev-parse", "main")
    }
  }

  private func access(_ change: (inout RemoteAccess) -> Void = { _ in }) -> RemoteAccess {
    var access = RemoteAccess(allowHTTP: true)
    change(&access)
    return access
  }

  /// What `ls-remote` would say: the greeting, and the answer to `ls-refs`.
  private func references(
    _ url: String, _ access: RemoteAccess, token: RemoteSecret? = nil
  ) async throws -> (greeting: String, references: String) {
    let channel = try HTTPChannel(to: RemoteURL(url, allowHTTP: true), for: .uploadPack, access: access, token: token)
    do {
      let greeting = try await Conversation.text(channel.greeting())
      let answer = try await Conversation.listReferences(over: channel)
      await channel.close()
      return (greeting, answer)
    } catch {
      await channel.close()
      throw error
    }
  }

  private func failure(
    _ url: String, _ access: RemoteAccess, token: RemoteSecret? = nil
  ) async -> RemoteError {
    do {
      _ = try await references(url, access, token: token)
      return RemoteError(.invalid, "it went well")
    } catch { return error as? RemoteError ?? RemoteError(.invalid, "another error: \(error)") }
  }

  @Test func referencesAreListedByVersion2() async throws {
    let served = try Served()
    let server = try await HTTPServer(root: served.root)
    let said = try await references("http://127.0.0.1:\(server.port)/git/\(served.name)", access())
    #expect(said.greeting.hasPrefix("000eversion 2\n"))
    #expect(said.references.contains("\(served.head) refs/heads/main"))
    #expect(try server.requests.allSatisfy { $0.contains("\"git-protocol\": \"version=2\"") })
  }

  @Test func theServiceLineIsTakenOffTheReferencesThatAPushSees() async throws {
    let served = try Served()
    let server = try await HTTPServer(root: served.root)
    let url = try RemoteURL("http://127.0.0.1:\(server.port)/git/\(served.name)", allowHTTP: true)
    let channel = try HTTPChannel(to: url, for: .receivePack, access: access())
    let greeting = try await Conversation.text(channel.greeting())
    await channel.close()
    #expect(greeting.dropFirst(4).hasPrefix("\(served.head) refs/heads/main"), "\(greeting)")
  }

  @Test func aTokenIsSentAsBasicOrBearer() async throws {
    let served = try Served()
    let token = try RemoteSecret("hunter2", from: "a test")
    for (header, change) in [
      ("Basic Z2l0Omh1bnRlcjI=", { (_: inout RemoteAccess) in }), ("Basic bWU6aHVudGVyMg==", { $0.username = "me" }),
      ("Bearer hunter2", { $0.authorization = .bearer }),
    ] {
      let server = try await HTTPServer(root: served.root, ["authorization": header])
      let url = "http://127.0.0.1:\(server.port)/git/\(served.name)"
      #expect(try await references(url, access(change), token: token).references.contains(served.head))
      let none = await failure(url, access())
      #expect(none.code == .denied)
      #expect(none.description.contains("401") && none.description.contains("who are you?"), "\(none)")
      #expect(none.remedy?.contains("tokenFile") == true)
      let wrong = await failure(url, access(change), token: try RemoteSecret("wrong-one", from: "a test"))
      #expect(wrong.code == .denied && !wrong.description.contains("wrong-one"))
    }
  }

  @Test func aServerOfOurOwnAuthorityIsTrustedAndNoOther() async throws {
    let (served, authority, other) = (try Served(), try await TestAuthority(), try await TestAuthority())
    let server = try await HTTPServer(
      root: served.root, ["certificate": authority.serverCertificate, "key": authority.serverKey])
    let url = "https://localhost:\(server.port)/git/\(served.name)"
    #expect(try await references(url, access { $0.caFile = authority.authority }).references.contains(served.head))
    for access in [access(), access { $0.caFile = other.authority }] {
      let error = await failure(url, access)
      #expect(error.code == .untrusted, "\(error)")
      #expect(error.remedy?.contains("caFile") == true)
    }
    let misnamed = await failure(
      "https://127.0.0.2:\(server.port)/git/x", access { $0.caFile = authority.authority })
    #expect(misnamed.code == .untrusted || misnamed.code == .unreachable, "\(misnamed)")
  }

  @Test func aClientCertificateIsShownWhereItIsAskedFor() async throws {
    let (served, authority) = (try Served(), try await TestAuthority())
    let server = try await HTTPServer(
      root: served.root,
      ["certificate": authority.serverCertificate, "key": authority.serverKey, "clientCA": authority.authority])
    let url = "https://localhost:\(server.port)/git/\(served.name)"
    let with = access {
      $0.caFile = authority.authority
      $0.clientCertificate = authority.clientCertificate
      $0.clientKey = authority.clientKey
    }
    #expect(try await references(url, with).references.contains(served.head))
    let without = await failure(url, access { $0.caFile = authority.authority })
    #expect(without.code == .denied || without.code == .unreachable, "\(without)")
  }

  @Test func aProxyIsAskedToConnect() async throws {
    let (served, authority) = (try Served(), try await TestAuthority())
    let server = try await HTTPServer(
      root: served.root, ["certificate": authority.serverCertificate, "key": authority.serverKey])
    let proxy = try await HTTPServer(["proxy": "yes"])
    let said = try await references(
      "https://localhost:\(server.port)/git/\(served.name)",
      access {
        $0.caFile = authority.authority
        $0.proxy = "http://127.0.0.1:\(proxy.port)"
      })
    #expect(said.references.contains(served.head))
    #expect(try proxy.requests.contains { $0.contains("CONNECT") && $0.contains("localhost:\(server.port)") })
  }

  @Test func aRedirectWithinTheHostIsFollowed() async throws {
    let (served, authority) = (try Served(), try await TestAuthority())
    let server = try await HTTPServer(
      root: served.root, ["certificate": authority.serverCertificate, "key": authority.serverKey])
    let trusting = access { $0.caFile = authority.authority }
    let base = "https://localhost:\(server.port)"
    #expect(try await references("\(base)/moved/\(served.name)", trusting).references.contains(served.head))
    #expect(try server.requests.filter { $0.contains("POST") }.allSatisfy { $0.contains("/git/") })
    #expect(await failure("\(base)/loop/x", trusting).description.contains("more than 3 times"))
    #expect(await failure("\(base)/nowhere/x", trusting).code == .malformed)
  }

  @Test func credentialsFollowNoRedirectToAnotherHost() async throws {
    let (served, authority) = (try Served(), try await TestAuthority())
    let thief = try await HTTPServer(
      root: served.root, ["certificate": authority.serverCertificate, "key": authority.serverKey])
    let server = try await HTTPServer(
      root: served.root,
      [
        "certificate": authority.serverCertificate, "key": authority.serverKey,
        "other": "https://127.0.0.1:\(thief.port)",
      ])
    let error = await failure(
      "https://localhost:\(server.port)/away/\(served.name)", access { $0.caFile = authority.authority },
      token: try RemoteSecret("hunter2", from: "a test"))
    #expect(error.code == .invalid)
    #expect(error.description.contains("localhost:\(server.port)"), "\(error)")
    #expect(error.description.contains("127.0.0.1:\(thief.port)"), "\(error)")
    #expect(try thief.requests.isEmpty)
  }

  @Test(arguments: [
    ("html/x", RemoteError.Code.malformed, "text/html"), ("status/403", .denied, "the host says why"),
    ("status/404", .notFound, "404"), ("status/500", .unreachable, "500"), ("raw/x", .unreachable, "can't be reached"),
    ("cut/x", .unreachable, "can't be reached"),
  ])
  func whatIsNoGitIsSaid(_ path: String, _ code: RemoteError.Code, _ words: String) async throws {
    let server = try await HTTPServer()
    let error = await failure("http://127.0.0.1:\(server.port)/\(path)", access())
    #expect(error.code == code, "\(error)")
    #expect(error.description.contains(words), "\(error)")
  }

  @Test(arguments: ["silent/x", "stops/x"])
  func aServerThatStopsIsGivenUp(_ path: String) async throws {
    let server = try await HTTPServer()
    let error = await failure(
      "http://127.0.0.1:\(server.port)/\(path)", access { $0.stallMilliseconds = 500 })
    #expect(error.code == .stalled, "\(error)")
    #expect(error.remedy?.contains("`stall`") == true)
  }

  @Test func aServerThatTricklesIsAliveUntilTheDeadline() async throws {
    let server = try await HTTPServer()
    let url = try RemoteURL("http://127.0.0.1:\(server.port)/trickles/x", allowHTTP: true)
    let channel = try HTTPChannel(to: url, for: .uploadPack, access: access { $0.stallMilliseconds = 2000 })
    let text = try await Conversation.text(channel.greeting())
    await channel.close()
    #expect(text.count == 30)
  }

  @Test(arguments: [
    "169.254.169.254", "[fe80::1]", "[fd00:ec2::254]", "[::ffff:169.254.169.254]", "2852039166", "0xa9fea9fe",
  ])
  func requestsMadeFromConfigurationNeverReachMetadata(_ host: String) async throws {
    let error = await failure("http://\(host)/latest", access())
    #expect(error.code == .invalid, "\(error)")
    #expect(error.description.contains("link-local"), "\(error)")
  }

  @Test func aPortWhereNobodyListensIsUnreachable() async throws {
    let error = await failure("http://127.0.0.1:1/x", access())
    #expect(error.code == .unreachable, "\(error)")
    #expect(error.description.contains("refused"), "\(error)")
    #expect(await failure("http://no-such-host.invalid/x", access()).description.contains("is not known"))
  }

  @Test func certificatesThatCannotBeUsedAreNamed() throws {
    let folder = try TemporaryFolder()
    try folder.write("nothing", to: "ca.pem")
    let url = try RemoteURL("https://localhost/x")
    for file in [folder["ca.pem"], folder["none"], folder.path] {
      let error = #expect(throws: RemoteError.self) {
        _ = try HTTPChannel(to: url, for: .uploadPack, access: access { $0.caFile = file })
      }
      #expect(error?.description.contains(file) == true)
    }
  }

  @Test func aLongRequestIsStreamed() async throws {
    let server = try await HTTPServer()
    let url = try RemoteURL("http://127.0.0.1:\(server.port)/status/500", allowHTTP: true)
    let channel = try HTTPChannel(to: url, for: .receivePack, access: access())
    let parts = Countdown(64)
    await #expect(throws: RemoteError.self) {
      _ = try await channel.request { parts.next() ? [UInt8](repeating: 7, count: 65_536) : nil }
    }
    await channel.close()
    #expect(try server.requests.contains { $0.contains("chunked") })
    #expect(parts.isOver)
  }
}
