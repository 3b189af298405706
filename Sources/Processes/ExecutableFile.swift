import Glibc

/// Finds the file that a program's first argument means, so that the three ways in which it can be wrong are told
/// apart.
struct ExecutableFile {
  let path: String

  /// - Throws: ``ProgramError``.
  init(for program: Program) throws(ProgramError) {
    guard let name = program.arguments.first, !name.isEmpty else { throw .notFound(program: "(no program)") }
    try Self.checkText(of: program, name: name)
    if let directory = program.directory, !Self.isFolder(directory) {
      throw .badDirectory(directory, program: name)
    }
    if name.utf8.contains(UInt8(ascii: "/")) {
      guard name.utf8.first == UInt8(ascii: "/") else {
        throw .notStarted(program: name, reason: "a path to a program must be absolute")
      }
      path = try Self.checked(name)
    } else {
      path = try Self.lookedUp(name, in: program.environment["PATH"] ?? Program.standardPath)
    }
  }

  private static func checkText(of program: Program, name: String) throws(ProgramError) {
    if program.arguments.contains(where: { $0.utf8.contains(0) }) {
      throw .notStarted(program: name, reason: "an argument contains NUL")
    }
    if program.directory?.utf8.contains(0) == true {
      throw .notStarted(program: name, reason: "the folder to start in contains NUL")
    }
    for (key, value) in program.environment where !isVariable(key) || value.utf8.contains(0) {
      throw .notStarted(program: name, reason: "the environment variable \(key.debugDescription) is malformed")
    }
  }

  private static func isVariable(_ key: String) -> Bool {
    guard let first = key.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
    return !key.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "=") }
  }

  private static func lookedUp(_ name: String, in searchPath: String) throws(ProgramError) -> String {
    var failure = ProgramError.notFound(program: name)
    for folder in searchPath.split(separator: ":") where folder.utf8.first == UInt8(ascii: "/") {
      do {
        return try checked("\(folder)/\(name)")
      } catch .notExecutable {
        failure = .notExecutable(program: name)
      } catch {}
    }
    throw failure
  }

  private static func checked(_ path: String) throws(ProgramError) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .notFound(program: path) }
    guard status.st_mode & S_IFMT == S_IFREG, faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0 else {
      throw .notExecutable(program: path)
    }
    return path
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      && faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0
  }
}
