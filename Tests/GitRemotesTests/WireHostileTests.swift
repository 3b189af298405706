import Foundation
import Git
import GitRemotes
import MooringTestSupport
import Testing

@Suite(.inTurn) struct WireHostileTests {
  private static let id = String(repeating: "1", count: 40)

  static func packet(_ bytes: [UInt8]) -> [UInt8] {
    Array(String(format: "%04x", bytes.count + 4).utf8) + bytes
  }

  static func line(_ text: String) -> [UInt8] { packet(Array("\(text)\n".utf8)) }
  static let flush = Array("0000".utf8)

  /// An old server's greeting with one branch.
  static func greeting(_ id: String = id) -> [UInt8] {
    packet(Array("\(id) refs/heads/main\0multi_ack_detailed side-band-64k ofs-delta\n".utf8)) + flush
  }

  private func error(of answers: [[UInt8]], limits: WireLimits = WireLimits()) async throws -> (any Error)? {
    let local = try GitFixture(bare: true)
    let repository = try local.open()
    for piece in [7, 100_000] {
      do {
        _ = try await NetworkRemote.fetch(
          into: repository, over: WireScriptedChannel(answers, piece: piece), refspecs: ["+refs/heads/*:refs/x/*"],
          limits: limits)
        return nil
      } catch {
        #expect(try local.git("for-each-ref").isEmpty)
        let left = repository.path + "mooring.incoming"
        let hasFolder = FileManager.default.fileExists(atPath: left)
        #expect(try !hasFolder || FileManager.default.contentsOfDirectory(atPath: left).isEmpty)
        if piece > 7 { return error }
      }
    }
    return nil
  }

  private static let greetings: [(String, RemoteError.Code)] = [
    ("HTTP/1.1 200 OK\r\n\r\n<html>", .malformed), ("zzzz", .malformed), ("", .unreachable), ("00", .unreachable),
    ("0042\(id) refs/", .unreachable), ("fff5garbage", .malformed), ("0003", .malformed), ("0001", .malformed),
    ("0013ERR go away\u{1B}[2J", .denied), ("000eversion 2\n0000", .malformed),
    ("000eversion 2\n0019object-format=sha256\n0000", .invalid), ("0009short0000", .malformed),
  ]

  @Test("a greeting that is none is refused with the reason", arguments: greetings)
  func greeting(bytes: String, code: RemoteError.Code) async throws {
    let second = Self.line("garbage")
    let error = try #require(await error(of: [Array(bytes.utf8), second]) as? RemoteError)
    #expect(error.code == code)
    #expect(!error.message.contains("\u{1B}"))
  }

  @Test("what a remote says can't turn the direction of what is shown, and carries no control characters")
  func harmless() async throws {
    let odd = "sha1\u{9B}2J\u{61C}\u{202E}"
    for answer in [Self.line("version 2") + Self.line("object-format=\(odd)") + Self.flush, Self.line("ERR \(odd)")] {
      let error = try #require(await error(of: [answer]))
      #expect("\(error)".contains("sha12J") && "\(error)".unicodeScalars.allSatisfy(\.isASCII), "\(error)")
    }
  }

  private static let names = [
    "../x", "refs/heads/../../x", "refs/heads/a.lock", "refs//x", "refs/heads/a b", "refs/heads/.hidden", "refs/heads/",
    "refs/heads/\u{7F}", "refs/heads/a\\b", "config", "refs/heads/@{x",
  ]

  @Test("a reference's name that would be a path out, or none, is refused by both versions", arguments: names)
  func name(_ name: String) async throws {
    let old = Self.line("\(Self.id) \(name)") + Self.flush
    let new = [
      Self.line("version 2") + Self.line("ls-refs=unborn") + Self.line("fetch=shallow") + Self.flush,
      Self.line("\(Self.id) \(name)") + Self.flush,
    ]
    let target = [new[0], Self.line("\(Self.id) HEAD symref-target:\(name)") + Self.flush]
    for answers in [[old]] + (name.contains(" ") ? [] : [new, target]) {
      let error = try #require(await error(of: answers) as? RemoteError)
      #expect(error.code == .malformed)
    }
  }

  @Test("a list of references has limits of number and size")
  func manyReferences() async throws {
    let many = (0..<100).flatMap { Self.line("\(Self.id) refs/heads/b\($0)") } + Self.flush
    for limits in [WireLimits(references: 99), WireLimits(referenceBytes: 1000)] {
      #expect(try await (error(of: [many], limits: limits) as? RemoteError)?.code == .tooLarge)
    }
    let endless = WireEndlessChannel(repeating: Self.line("\(Self.id) refs/heads/b"))
    let error = await #expect(throws: RemoteError.self) {
      try await NetworkRemote.heads(over: endless, limits: WireLimits(references: 20_000))
    }
    #expect(error?.code == .tooLarge)
  }

  @Test("progress, empty packets and acknowledgments without end are cut off")
  func endless() async throws {
    let local = try GitFixture(bare: true)
    let repository = try local.open()
    let progress = Self.packet([2] + Array(repeating: UInt8(ascii: "x"), count: 60_000))
    let cases: [([UInt8], RemoteError.Code)] = [
      (Self.line("NAK") + progress + progress, .malformed), (Self.line("ACK \(Self.id) common"), .malformed),
    ]
    for (bytes, code) in cases {
      let channel = WireEndlessChannel(greeting: Self.greeting(), repeating: bytes)
      let error = await #expect(throws: RemoteError.self) {
        try await NetworkRemote.fetch(into: repository, over: channel, refspecs: ["refs/heads/*:refs/x/*"])
      }
      #expect(error?.code == code)
    }
    for noise in [progress, Self.packet([1]), Self.packet([])] {
      let answer = Self.line("NAK") + Array((0..<(200_000 / (noise.count - 3) + 2)).map { _ in noise }.joined())
      let error = try await error(of: [Self.greeting(), answer], limits: WireLimits(noiseBytes: 100_000))
      #expect((error as? RemoteError)?.code == .tooLarge)
    }
    let last = Self.line("NAK") + Self.packet([3] + Array("out of disk\u{1B}c".utf8))
    let error = try await error(of: [Self.greeting(), last]) as? RemoteError
    #expect(error?.message == "the remote gives up: out of diskc")
  }

  private static let answers: [String] = ["0009weird", "0000", "0001", "000dpackfile\n0001", "0012acknowledgments0000"]

  @Test("an answer of version 2 that breaks the rules is refused", arguments: answers)
  func answer(_ text: String) async throws {
    let greeting = Self.line("version 2") + Self.line("ls-refs=unborn") + Self.line("fetch=") + Self.flush
    let heads = Self.line("\(Self.id) refs/heads/main") + Self.flush
    #expect(try await (error(of: [greeting, heads, Array(text.utf8)]) as? RemoteError)?.code == .malformed)
  }

  @Test("bombs, lies and halves among packs are refused, and leave nothing", arguments: WireBadPack.allCases)
  func pack(_ bad: WireBadPack) async throws {
    let remote = try GitFixture()
    try remote.commit(files: ["zeros": String(repeating: "0", count: 3_000_000)])
    let tip = try remote.id().hex
    let pack = try bad.bytes(from: remote)
    var answer = Self.line("NAK")
    for start in stride(from: 0, to: pack.count, by: 60_000) {
      answer += Self.packet([1] + pack[start..<min(start + 60_000, pack.count)])
    }
    let most = bad == .tooManyBytes ? 100 : 4 << 20
    let limits = WireLimits(pack: PackLimits(bytes: most, objects: 1000, objectBytes: 4 << 20))
    let error = try #require(await error(of: [Self.greeting(tip), answer + Self.flush], limits: limits))
    if let code = bad.code { #expect((error as? RemoteError)?.code == code, "\(error)") }
  }

  @Test("a conversation with bytes changed anywhere never crashes, and never leaves a reference that isn't whole")
  func mutated() async throws {
    let remote = try GitFixture()
    for step in 0..<5 { try remote.commit(files: ["a": "\(step)", "b/\(step)": "x"]) }
    let local = try GitFixture(bare: true)
    let recorder = WireRecorder(try WireMode.version2Stateless.channel(of: remote))
    _ = try await NetworkRemote.fetch(into: local.open(), over: recorder, refspecs: WireFetchTests.specs)
    let answers = recorder.answers
    var random = SystemRandomNumberGenerator()
    for _ in 0..<60 {
      var changed = answers
      let which = Int.random(in: changed.indices, using: &random)
      guard let place = changed[which].indices.randomElement(using: &random) else { continue }
      switch Int.random(in: 0..<3, using: &random) {
      case 0: changed[which][place] = UInt8.random(in: 0...255, using: &random)
      case 1: changed[which].removeSubrange(place...)
      default: changed[which].insert(UInt8.random(in: 0...255, using: &random), at: place)
      }
      let victim = try GitFixture(bare: true)
      let outcome = try? await NetworkRemote.fetch(
        into: victim.open(), over: WireScriptedChannel(changed), refspecs: WireFetchTests.specs)
      if outcome != nil { #expect(try victim.git("fsck", "--full").isEmpty) }
    }
  }
}
