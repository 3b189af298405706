import Kubernetes
import Testing

/// Values and rounding by `k8s.io/apimachinery/pkg/api/resource/quantity.go` and its tests.
@Suite struct QuantityTests {
  @Test(arguments: [
    ("1000m", "1"), ("1", "1.0"), ("0.5", "500m"), (".5", "0.5"), ("1.", "1"), ("+1", "1"), ("1Ki", "1024"),
    ("1.5Gi", "1536Mi"), ("1e3", "1k"), ("1E3", "1000"), ("12e-1", "1200m"), ("1E", "1000P"), ("0", "-0"),
    ("1000u", "1m"), ("1000n", "1u"), ("0.1n", "1n"), ("1.0000000001", "1000000001n"), ("-0.1n", "-1n"),
    ("9223372036854775807", "9223372036854775808"), ("100E", "8Ei"), ("0.0009765625Ki", "1"), ("00012", "12"),
    ("1e400", "9223372036854775807"), ("1e-400", "1n"), ("0e400", "0"),
    ("1.000000000000000000000000000000000000000", "1"),
  ])
  func spellingsOfOneAmountAreEqual(_ a: String, _ b: String) throws {
    #expect(try #require(Quantity(a)) == #require(Quantity(b)))
  }

  @Test(arguments: [("1", "1001m"), ("-1", "0"), ("1M", "1Mi"), ("1023", "1Ki"), ("1n", "2n")])
  func amountsAreOrdered(_ less: String, _ more: String) throws {
    #expect(try #require(Quantity(less)) < #require(Quantity(more)))
  }

  @Test(arguments: [
    "", "m", "-", ".", "1 ", " 1", "1mm", "1KI", "1ki", "1e", "1e1.5", "0x10", "1,5", "--1", "1Ee", "١",
    String(repeating: "1", count: 300),
  ])
  func otherTextsAreNoQuantities(_ text: String) { #expect(Quantity(text) == nil) }
}
