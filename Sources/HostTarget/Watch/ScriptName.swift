import Glibc

/// The script that an interpreter runs: `deploy.sh` says more than `bash`.
enum ScriptName {
  private static let interpreters = [
    "sh", "bash", "dash", "zsh", "ksh", "busybox", "python", "perl", "ruby", "node", "php", "tclsh", "lua",
  ]

  /// The last component of the first argument that is no option, where it is a file; `nil` where the program is no
  /// interpreter, and where its code came in an option (`-c`, `-e`, `-m`): that may hold anything.
  static func find(in arguments: [[UInt8]], of program: String, at place: [UInt8]) -> String? {
    // `python3.12` as `python`.
    let bare = program.prefix { !$0.isNumber && $0 != "." && $0 != "-" }
    guard interpreters.contains(String(bare)) else { return nil }
    for argument in arguments.dropFirst() {
      if argument.first == UInt8(ascii: "-") {
        guard argument.dropFirst().first == UInt8(ascii: "-") || argument.allSatisfy({ !"cemr".utf8.contains($0) })
        else { return nil }
        continue
      }
      let path = argument.first == UInt8(ascii: "/") ? argument : place + [UInt8(ascii: "/")] + argument
      guard isFile(path), let name = argument.split(separator: UInt8(ascii: "/")).last else { return nil }
      return String(decoding: name, as: UTF8.self)
    }
    return nil
  }

  private static func isFile(_ path: [UInt8]) -> Bool {
    var status = stat()
    return stat(FileName(path).terminated, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}

/// What `sudo` tells a program of its user, and nothing else of the environment.
enum SudoUser {
  private static let limit = 64

  static func find(in environment: [UInt8]) -> String? {
    let prefix = Array("SUDO_USER=".utf8)
    guard let entry = environment.split(separator: 0).first(where: { $0.starts(with: prefix) }) else { return nil }
    let name = entry.dropFirst(prefix.count)
    let isName = name.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || "._-".utf8.contains(byte)
    }
    return isName && !name.isEmpty && name.count <= limit ? String(decoding: name, as: UTF8.self) : nil
  }
}
