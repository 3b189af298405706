import Glibc

/// A port of loopback that nobody has, for a server which has to be named before it is started.
///
/// Not of those that the kernel gives to outgoing connections, so that none of them takes it meanwhile.
public enum FreePort {
  public static func find() throws -> Int {
    for port in (10_000..<20_000).shuffled().prefix(1_000) where isFree(port) { return port }
    throw ToolFailure(what: "a free port", output: "there is none")
  }

  private static func isFree(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) == 0 }
    }
  }
}
