import Foundation
import Git
import Testing

@Suite("Looking through a pack") struct PackScannerTests {
  /// A delta that is said to make too much, and then can't be inflated.
  private static let twoFaults = """
    UEFDSwAAAAIAAAADNXgBAQUA+v9oZWxsbwYsAhVkEXgBAQQA+/8A+v9oZWxsbwYsAhVkEXgBAQQA+/8FBZAFAUwAoHRiYmJiYmJi
    YmJieAF4AXgBeAF4AXgBeAF4AQUFkAUBTACgdGJiYmJiYmJiYmJiYmJiYmJiYmJieAEBBAD7/wUFkAUBTACgYWFhYWFhYWFhYWFh
    YWFhYWFhYWE=
    """

  @Test("tells the first fault, whether bytes come at once or one by one") func tellsTheFirstFault() throws {
    let pack = try #require(Data(base64Encoded: Self.twoFaults, options: .ignoreUnknownCharacters)).map { $0 }
    let limits = PackLimits(bytes: 1 << 20, objects: 1_000, objectBytes: 65_536)
    func problem(by size: Int) throws -> String {
      var scanner = try PackScanner(limits: limits)
      do {
        for start in stride(from: 0, to: pack.count, by: size) {
          try scanner.scan(Array(pack[start..<min(start + size, pack.count)]))
        }
        try scanner.finish()
        return ""
      } catch { return "\(error)" }
    }
    let whole = try problem(by: pack.count)
    #expect(whole.contains("1720314"), "\(whole)")
    #expect(try problem(by: 1) == whole)
  }
}
