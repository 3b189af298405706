import MooringModel
import Testing

@testable import Readiness

@Suite struct ReadinessAnswerTests {
  private static let digest = "sha256:9f" + String(repeating: "0a", count: 31)

  private func answer(_ targets: [Standing.Target], deployed: String? = "v42") -> ReadinessAnswer {
    let standing = Standing(environment: "production", deployed: deployed, seconds: 4.2, targets: targets)
    return ReadinessAnswer(standing) { ReadinessPolicy().judge($0, at: Timestamp(milliseconds: 0)) }
  }

  private func target(_ label: String, _ state: Standing.Image.State = .present) -> Standing.Target {
    let image = Standing.Image(text: "checkout@\(Self.digest)", place: Place(file: "app.yaml", line: 3), state: state)
    return Standing.Target(label: label, isStored: true, images: [image])
  }

  @Test func `The answer is one line that a person can act on`() {
    let answer = answer([target("v41"), target("v40", .gone)])
    #expect(
      answer.line == "production: can roll back to v41 in about 4 s;"
        + " v40 can't: image checkout@sha256:9f0a0a0a0a0a… is gone")
    #expect(!answer.isReady)
    #expect(answer.findings.map(\.rule) == [.imageGone, .neverRehearsed])
  }

  @Test func `Where nothing that counts stands in the way, it is ready`() {
    let answer = answer([target("v41"), target("v40", .unknown("it can't be reached"))])
    #expect(answer.isReady)
    #expect(answer.line == "production: can roll back to v41 in about 4 s")
  }

  @Test func `Where there is nothing to go back to, it says so`() {
    #expect(answer([]).line == "production: there is no earlier release to go back to")
    #expect(!answer([]).isReady)
    #expect(answer([], deployed: nil).line.contains("nothing is deployed"))
    #expect(answer([target("v41", .gone)]).line.hasPrefix("production: can't roll back; v41 can't: image"))
  }
}
