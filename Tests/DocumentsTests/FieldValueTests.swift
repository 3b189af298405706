import Documents
import Testing

@testable import DocumentsTestSupport

@Suite struct FieldValueTests {
  @Test("any value reads back exactly from its text")
  func exactness() throws {
    var random = SeededRandom(seed: 5)
    let parts = Array(
      " -?:,[]{}#&*!|>'\"%@`\\\n\t\r.~<=0159aeIxnN_+\u{e9}\u{301}\u{85}\u{2028}\u{feff}\u{7f}\u{0}\u{1F600}"
    ).map {
      String($0)
    }
    let words = ["---", "...", "true", "null", "1.5", "0x1", ".inf", "<<", "yes", "- a", "a: b", "a #b", "=", "{{x}}"]
    func text() -> String {
      (0..<Int.random(in: 0...4, using: &random)).map { _ in
        (Int.random(in: 0..<6, using: &random) == 0 ? words : parts).randomElement(using: &random) ?? ""
      }.joined()
    }
    func scalar() -> Scalar {
      switch Int.random(in: 0..<9, using: &random) {
      case 0: .null
      case 1: .bool(Bool.random(using: &random))
      case 2: .integer(["1", "-0", "0xF_F", "1_0", "0b1"].randomElement(using: &random) ?? "1")
      case 3: .float(["1.10", "1e5", "1_0.5", "inf", ".NaN"].randomElement(using: &random) ?? "1.0")
      case 4: .date(["1979-05-27", "07:32:00", "1979-05-27 07:32:00.5-07:00"].randomElement(using: &random) ?? "")
      default: .string(text())
      }
    }
    func value(_ depth: Int) -> FieldValue {
      switch depth > 0 ? Int.random(in: 0..<3, using: &random) : 2 {
      case 0: return .sequence((0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth - 1) })
      case 1:
        let keys = Set((0..<Int.random(in: 0...3, using: &random)).map { _ in FieldPath(keys: text()) })
        return .mapping(
          keys.compactMap { path in
            if case .key(let key)? = path.components.first {
              FieldValue.Entry(key: key, value: value(depth - 1))
            } else {
              nil
            }
          })
      default: return .scalar(scalar())
      }
    }
    for _ in 0..<4_000 {
      let value = value(2)
      #expect(try FieldValue(document(value.exact).root) == value, "\(value.exact)")
    }
  }

  @Test("a key of any length reads back")
  func longKeys() throws {
    let value = FieldValue.mapping([.init(key: String(repeating: "k", count: 5_000), value: .scalar(.integer("1")))])
    #expect(try FieldValue(document(value.exact).root) == value)
  }

  @Test(
    "strings that would read as something else stand in quotes",
    arguments: [
      (Scalar.string("8080"), "\"8080\""), (.integer("8080"), "8080"), (.string("true"), "\"true\""),
      (.string(""), "\"\""), (.string("web"), "web"), (.string("a b"), "a b"), (.string(" a"), "\" a\""),
      (.string("a: b"), "\"a: b\""), (.string("https://x:80/"), "https://x:80/"), (.string("a:?"), "\"a:?\""),
      (.string("l\n"), "\"l\\n\""),
      (.string("\u{202E}x"), "\"\\u202ex\""), (.null, "null"), (.float("1.10"), "1.10"),
    ])
  func display(scalar: Scalar, text: String) {
    #expect(scalar.display == text)
  }

  @Test("mappings are equal whatever their order, lists aren't")
  func equality() throws {
    func value(_ text: String) throws -> FieldValue { try FieldValue(document(text).root) }
    #expect(try value("{a: 1, b: {c: 2, d: 3}}") == value("{b: {d: 3, c: 2}, a: 1}"))
    #expect(try value("{a: 1, b: 2}").hashValue == value("{b: 2, a: 1}").hashValue)
    #expect(try value("{a: 1}") != value("{a: 2}"))
    #expect(try value("{a: 1}") != value("{a: 1, b: 1}"))
    #expect(try value("[1, 2]") != value("[2, 1]"))
  }
}
