import AsyncHTTPClient
import Crypto
import FoundationEssentials
import Git
import MooringModel
import NIOCore
import NIOHTTP1

/// A time-stamping authority (RFC 3161), asked over HTTP (its section 3.4); requests are made and answers verified by
/// openssl-ts(1).
struct TimestampAuthority {
  /// Answers are a few kilobytes, with all certificates.
  private static let answerBytes = 64 << 10
  private static let program = VerificationProgram(name: "openssl", package: "openssl", what: "time-stamps")

  let configuration: JournalTimestamps

  /// What is time-stamped of a commit: the SHA-256 of its bytes.
  static func digest(of commit: ObjectID, in repository: Repository) throws -> String {
    SHA256.hash(data: try repository.readRaw(commit).bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
      .joined()
  }

  /// Has a digest time-stamped now.
  ///
  /// - Returns: A time-stamp that verifies.
  func stamp(_ digest: String) async throws -> (token: [UInt8], time: Timestamp) {
    let folder = try PrivateFolder()
    let query = folder.path + "/query"
    let made = try await Self.program.run(
      ["ts", "-query", "-sha256", "-digest", digest, "-cert", "-out", query], in: folder.path)
    guard made.succeeded, let bytes = BoundedFile.bytes(at: query, limit: 4096) else {
      throw Fault(.program, "openssl made no request for a time-stamp: \(made.complaint)")
    }
    let token = try await answer(to: bytes)
    let reply = try folder.write(token, to: "reply")
    // By the query, and not by the digest alone: the answer has to have its nonce.
    return (token, try await verify(["-queryfile", query], reply, folder))
  }

  /// The time of a time-stamp that is one of this digest, by an authority that the configuration names.
  ///
  /// - Throws: `Fault`, where it isn't.
  func verify(_ token: [UInt8], of digest: String) async throws -> Timestamp {
    let folder = try PrivateFolder()
    return try await verify(["-digest", digest], folder.write(token, to: "reply"), folder)
  }

  private func verify(_ data: [String], _ reply: String, _ folder: PrivateFolder) async throws -> Timestamp {
    let text = try await Self.program.run(["ts", "-reply", "-in", reply, "-text"], in: folder.path)
    guard text.succeeded, let time = text.lines.lazy.compactMap(Self.time).first else {
      throw Fault(.refusedContent, "the time-stamp can't be read: \(text.complaint)", at: host)
    }
    // Certificates of authorities end, and what they signed before doesn't.
    let verified = try await Self.program.run(
      ["ts", "-verify"] + data + ["-in", reply, "-CAfile", configuration.authorities, "-attime", "\(time.seconds)"],
      in: folder.path)
    guard verified.succeeded else {
      throw Fault(.refusedContent, "the time-stamp doesn't verify: \(verified.complaint)", at: host)
    }
    return time
  }

  /// `Time stamp: Nov 25 19:52:11.123 2026 GMT`
  static func time(in line: String) -> Timestamp? {
    guard line.hasPrefix("Time stamp: ") else { return nil }
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let words = line.dropFirst(12).split(separator: " ")
    guard words.count == 5, words[4] == "GMT", let month = months.firstIndex(of: String(words[0])),
      let day = Int(words[1]), let year = Int(words[3])
    else { return nil }
    func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
    return Timestamp(parsing: "\(year)-\(two(month + 1))-\(two(day))T\(words[2].prefix { $0 != "." })Z")
  }

  var host: String { NotificationURL.host(of: configuration.url) }

  private func answer(to query: [UInt8]) async throws -> [UInt8] {
    var request = HTTPClientRequest(url: configuration.url)
    request.method = .POST
    request.headers = HTTPHeaders([("content-type", "application/timestamp-query"), ("user-agent", "mooring")])
    request.body = .bytes(ByteBuffer(bytes: query))
    let asked = request
    let answer: HTTPAnswer
    do {
      answer = try await within(configuration.timeout) { [configuration] in
        try await HTTPAnswer.of(
          asked, connectingWithin: configuration.timeout, bodyBytes: Self.answerBytes,
          allowsLinkLocal: configuration.allowsLinkLocal)
      }
    } catch {
      try Task.checkCancellation()
      throw Fault(
        .remote,
        "the time-stamping authority doesn't answer: "
          + NoAnswer(host: host, limit: configuration.timeout).reason(error), at: host)
    }
    guard answer.status == 200, !answer.isCut, !answer.body.isEmpty else {
      throw Fault(.remote, "the time-stamping authority answered \(answer.status)", at: host)
    }
    return answer.body
  }
}
