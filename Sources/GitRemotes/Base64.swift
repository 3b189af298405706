import FoundationEssentials

/// Base64 (RFC 4648, 4), with padding.
enum Base64 {
  static func encoded(_ bytes: some Sequence<UInt8>) -> String { Data(bytes).base64EncodedString() }

  /// `nil` for anything else than Base64.
  static func decoded(_ text: some StringProtocol) -> [UInt8]? { Data(base64Encoded: String(text)).map { Array($0) } }
}
