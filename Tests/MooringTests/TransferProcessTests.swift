import Mooring
import MooringModel
import MooringTestSupport
import Testing

@Suite("A transfer in a child process")
struct TransferProcessTests {
  private let request = TransferRequest(kind: .fetch, repository: "/nowhere", url: "/remote", refspecs: [])

  private func process(_ script: String) -> TransferProcess { TransferProcess(arguments: ["/bin/sh", "-c", script]) }

  private func carryOut(
    _ process: TransferProcess, _ request: TransferRequest, within limit: Duration = .seconds(20)
  ) async throws -> TransferReply {
    try await process.carryOut(request, within: limit) { _ in }
  }

  /// Answers each request with the number of the child and of its requests.
  private static let counting =
    #"n=0; while read line; do n=$((n+1)); echo "{\"missing\":{\"_0\":[\"$$\",\"$n\"]}}"; done"#

  private func parts(_ reply: TransferReply) throws -> (child: String, count: String) {
    guard case .missing(let parts) = reply, parts.count == 2 else { throw Fault(.unexpected, "\(reply)") }
    return (parts[0], parts[1])
  }

  @Test("is served by the child of the one before, for the same remote only")
  func keepsTheChild() async throws {
    let process = process(Self.counting)
    let first = try await parts(carryOut(process, request))
    let second = try await parts(carryOut(process, request))
    #expect(second == (first.child, "2"))
    var elsewhere = request
    elsewhere.url = "/other"
    let other = try await parts(carryOut(process, elsewhere))
    #expect(other.child != first.child && other.count == "1")
  }

  @Test("goes to another child after a hundred")
  func replacesTheChild() async throws {
    let process = process(Self.counting)
    var children: [String] = []
    for _ in 0...100 { children.append(try await parts(carryOut(process, request)).child) }
    #expect(Set(children.prefix(100)).count == 1)
    #expect(children[100] != children[0])
  }

  @Test("starts another child where the one that waited has died")
  func childDied() async throws {
    let process = process(#"read line; echo '{"fetched":{}}'; exit 1"#)
    for _ in 0..<3 { #expect(try await carryOut(process, request) == .fetched) }
  }

  @Test("that is never answered ends with its time, and the next one starts anew")
  func neverAnswers() async throws {
    let process = process("read line; sleep 1000")
    for _ in 0..<2 {
      let fault = await #expect(throws: Fault.self) { try await carryOut(process, request, within: .milliseconds(200)) }
      #expect(fault?.code == .timeout)
    }
  }

  @Test("whose child ends without an answer says what the child said")
  func noAnswer() async throws {
    let process = process("read line; echo broken >&2; exit 9")
    let fault = await #expect(throws: Fault.self) { try await carryOut(process, request) }
    #expect(fault?.code == .remote)
    #expect(fault?.description.contains("broken") == true)
  }

  @Test("that failed is an error, and its child is not asked again")
  func failed() async throws {
    let process = process(#"read line; echo '{"failed":{"_0":"no such thing","isRemote":true}}'; read line; exit 9"#)
    for _ in 0..<2 {
      let fault = await #expect(throws: Fault.self) { try await carryOut(process, request) }
      #expect(fault?.description.contains("no such thing") == true)
    }
  }
}
