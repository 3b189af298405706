/// The envelope of a signature: exactly one block of printable ASCII between its two marks.
enum SignatureArmor {
  static func kind(of armor: [UInt8]) throws(CommitSignatureParser.Refusal) -> CommitSignature.Kind {
    guard armor.allSatisfy({ (0x20..<0x7F).contains($0) || $0 == 0x0A }) else {
      throw .init(reason: "the signature is not printable ASCII")
    }
    var lines = armor.split(separator: 0x0A, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    while lines.last?.isEmpty == true { lines.removeLast() }
    guard let first = lines.first, let last = lines.last else { throw .init(reason: "the signature is empty") }
    guard let kind = CommitSignature.Kind.allCases.first(where: { first == "-----BEGIN \($0.name)-----" }) else {
      throw .init(reason: "the signature is neither SSH's nor OpenPGP's: \(first.prefix(60).debugDescription)")
    }
    guard lines.count > 2, last == "-----END \(kind.name)-----" else {
      throw .init(reason: "the signature is cut off")
    }
    guard lines.dropFirst().dropLast().allSatisfy({ !$0.hasPrefix("-----") }) else {
      throw .init(reason: "the signature's header holds more than one signature")
    }
    return kind
  }
}
