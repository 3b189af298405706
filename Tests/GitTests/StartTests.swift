import Git
import Glibc
import Testing

@Suite("Starting libgit2") struct StartTests {
  @Test("Reads no certificate authorities: it makes no connections") func readsNoAuthorities() throws {
    // As the loader looks it up for libgit2.
    let found = try #require(dlsym(UnsafeMutableRawPointer(bitPattern: 0), "mbedtls_x509_crt_parse_file"))
    typealias Reading = @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?) -> Int32
    let read = unsafeBitCast(found, to: Reading.self)
    #expect(read(nil, "/etc/ssl/certs/ca-certificates.crt") == -0x2900)
  }
}
