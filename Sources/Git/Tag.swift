/// What an annotated tag's object says, as far as it matters here: which object it is about.
package enum Tag {
  package static func target(decoding bytes: UnsafeRawBufferPointer) -> ObjectID? {
    let prefix: StaticString = "object "
    guard bytes.count > 47 else { return nil }
    for index in 0..<7 where bytes[index] != prefix.utf8Start[index] { return nil }
    return ObjectID(hexDigits: UnsafeRawBufferPointer(rebasing: bytes[7..<47]))
  }
}
