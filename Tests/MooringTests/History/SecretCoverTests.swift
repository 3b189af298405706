import Documents
import MooringModel
import Testing

@testable import Mooring

/// What a journal and commits are shown without.
@Suite struct SecretCoverTests {
  private let cover = SecretCover(rules: SecretRules(), isCluster: false)

  @Test(
    arguments: [
      ("5xx since password=hidden", "5xx since password=(secret)"),
      ("the token: hidden, again", "the token: (secret) again"),
      ("password = hidden", "password = (secret)"), ("password :hidden", "password :(secret)"),
      ("password=\"hidden and hidden\" is out", "password=(secret) is out"),
      ("user=ann,password=hidden", "user=ann,password=(secret)"),
      (#"{"apiKey": "hidden"}"#, #"{"apiKey": (secret)"#), ("x --db-password hidden y", "x --db-password (secret) y"),
      ("--token=hidden", "--token=(secret)"), ("one\npassword=hidden\ntwo", "one\npassword=(secret)\ntwo"),
      ("postgres://app?password=hidden", "postgres://app?password=(secret)"),
    ])
  func valuesAfterNamesOfSecretsAreCovered(text: String, shown: String) {
    #expect(cover.covered(text) == shown)
  }

  @Test(arguments: [
    "Raise the limit (#12)", "fix: password dialog", "spec.containers[name=token-server].image: 1 → 2",
    "12:30: -- done", "a=1, b=2", "", "See https://example.com/token?x=1",
  ])
  func otherSentencesAreAsTheyWere(text: String) { #expect(cover.covered(text) == text) }

  @Test func driftIsShownByTheRulesOfTodayWhateverTheyWereThen() throws {
    let rules = SecretRules(files: [try PathPattern("*.conf", at: "")])
    let fields = [
      FieldChange(.value, "db.password", old: "hidden-1", new: "hidden-2"),
      FieldChange(.value, "db.port", old: "1", new: "2"),
      FieldChange(.value, "db", old: "{password: hidden-3}", new: "{password: hidden-4}"),
      FieldChange(.value, "data.x", document: "Secret/shop/db", old: "hidden-5", new: "hidden-6"),
    ]
    func shown(_ object: String, _ rules: SecretRules, isCluster: Bool = false) throws -> String {
      let difference = Difference(
        object: ObjectName(written: object), kind: .changed, fields: fields,
        lines: ["-password: hidden-7", "+x"], fingerprint: "x")
      let drift = Drift(id: try #require(Identifier("01KDVDNA01S0M3RAND0MB1TSXX")), difference: difference)
      let time = Timestamp(milliseconds: 0)
      let event = Event(
        id: drift.id, time: time, initiator: .watcher, source: "here/1", environment: try EnvironmentName("production"),
        payload: .driftDetected(DriftDetected([drift], release: nil)))
      return "\(SecretCover(rules: rules, isCluster: isCluster).covered(event))"
    }
    let usual = try shown("app.conf", SecretRules())
    #expect(!usual.contains("hidden") && usual.contains("1 → 2") && usual.contains("+x"), "\(usual)")
    let named = try shown("app.conf", rules)
    #expect(!named.contains("hidden") && !named.contains("1 → 2") && !named.contains("+x"), "\(named)")
    let object = try shown("secret/shop/db", SecretRules(), isCluster: true)
    #expect(!object.contains("hidden") && !object.contains("1 → 2"), "\(object)")
    let other = try shown("deployment/shop/secret-rotator", SecretRules(), isCluster: true)
    #expect(!other.contains("hidden") && other.contains("1 → 2"), "\(other)")
  }
}
