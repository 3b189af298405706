/// Keeps libgit2 from reading every certificate authority of the machine as it starts, as it does where it was built with
/// mbedTLS: 4 ms of the processor in each command, for connections that it never makes here (docs/decisions/0009).
///
/// There is no option to be set before that. A symbol of the program goes before a library's of the same name, so libgit2 finds
/// this one, is told that there is no such file, and goes on without. Nothing else in the program uses mbedTLS.
///
/// - Returns: `MBEDTLS_ERR_X509_FILE_IO_ERROR`.
@_cdecl("mbedtls_x509_crt_parse_file")
public func readNoAuthorities(_ chain: UnsafeMutableRawPointer?, _ path: UnsafePointer<CChar>?) -> Int32 { -0x2900 }
