import Glibc

/// A small file that a kubeconfig or a service account names. Its path stays out of errors: they say whose it is.
struct CredentialFile: Sendable {
  static let maximumBytes = 4 << 20

  private let path: String
  /// `the tokenFile of the user "admin"`
  let what: String

  init(_ path: String, what: String) {
    self.path = path
    self.what = what
  }

  /// - Throws: `configuration` where it isn't a readable file of at most 4 MiB.
  func read() throws(KubernetesError) -> [UInt8] {
    // Not waiting, so that a pipe of this name can't hold us up.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure(String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw failure("it is not a file") }
    var bytes: [UInt8] = []
    while bytes.count <= Self.maximumBytes {
      var result = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
        result = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        count = max(0, result)
      }
      guard result >= 0 else { throw failure(String(cString: strerror(errno))) }
      if chunk.isEmpty { return bytes }
      bytes += chunk
    }
    throw failure("it has more than \(Self.maximumBytes) bytes")
  }

  /// The first line, without what surrounds it.
  func readToken() throws(KubernetesError) -> Secret {
    try Self.token(String(decoding: try read(), as: UTF8.self), from: what)
  }

  /// - Throws: `configuration` for anything but one line of printable ASCII characters, which is all that a header holds.
  static func token(_ text: String, from what: String) throws(KubernetesError) -> Secret {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    let trimmed = text.utf8.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
    let line = String(decoding: Array(trimmed), as: UTF8.self)
    guard !line.isEmpty, line.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw KubernetesError(.configuration, "\(what) is no token: one line of printable characters is expected")
    }
    return Secret(line)
  }

  private func failure(_ why: String) -> KubernetesError {
    KubernetesError(.configuration, "\(what) can't be read: \(why)", remedy: "correct its path or its mode")
  }
}

extension CredentialFile: CustomStringConvertible, CustomReflectable {
  var description: String { what }
  var customMirror: Mirror { Mirror(self, children: []) }
}
