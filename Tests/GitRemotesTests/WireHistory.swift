import MooringTestSupport

/// Long histories, made at once.
enum WireHistory {
  /// A repository whose branch main has so many commits, each with a file of `bytes` bytes that don't compress.
  static func make(commits: Int, bytes: Int = 40) throws -> GitFixture {
    let fixture = try GitFixture()
    var seed: UInt64 = 88_172_645_463_325_252
    var stream: [UInt8] = []
    for number in 1...commits {
      let content = [UInt8](unsafeUninitializedCapacity: bytes) { buffer, count in
        for index in 0..<bytes {
          // xorshift64: quick, and doesn't compress.
          seed ^= seed << 13
          seed ^= seed >> 7
          seed ^= seed << 17
          buffer[index] = UInt8(truncatingIfNeeded: seed >> 24)
        }
        count = bytes
      }
      let date = GitFixture.firstDate + Int64(number) * 60
      let message = "Change \(number)"
      stream += Array(
        """
        commit refs/heads/main
        committer Ada Lovelace <ada@example.com> \(date) +0000
        data \(message.utf8.count)
        \(message)
        M 100644 inline folder\(number % 20)/file\(number % 100)
        data \(bytes)

        """.utf8)
      stream += content + [UInt8(ascii: "\n")]
    }
    try fixture.git("fast-import", "--quiet", input: stream)
    return fixture
  }
}
