/// The migrations that files make up, in the order in which their tool runs them.
public struct MigrationHistory: Sendable, Hashable {
  public private(set) var migrations: [Migration] = []
  /// Files that belong to migrations and aren't SQL: `.rb`.
  public private(set) var unreadable: [String] = []

  /// - Parameter files: All files of one folder of migrations, and those below it.
  public init(_ files: [MigrationFile]) {
    let scripts = files.filter { $0.name.hasSuffix(".sql") }
    let byPath = Dictionary(scripts.map { ($0.path, $0) }) { first, _ in first }
    unreadable = files.map(\.path).filter { $0.hasSuffix(".rb") || $0.hasSuffix(".py") || $0.hasSuffix(".js") }
    migrations = scripts.compactMap { Self.migration($0, byPath) }.sorted {
      if $0.isRepeatable != $1.isRepeatable { return $1.isRepeatable }
      return Self.precedes($0.version, $1.version) || ($0.version == $1.version && $0.up.path < $1.up.path)
    }
  }

  private static func migration(_ file: MigrationFile, _ files: [String: MigrationFile]) -> Migration? {
    let stem = String(file.name.dropLast(4))
    let folder = file.folder.isEmpty ? "" : file.folder + "/"
    if stem.hasSuffix(".down") || file.folder.split(separator: "/").last == "down" { return nil }
    if stem.hasSuffix(".up") {
      let name = String(stem.dropLast(3))
      return Migration(
        layout: .golangMigrate, version: name, up: script(file), down: files["\(folder)\(name).down.sql"].map(script))
    }
    if let parts = flyway(stem) { return migration(file, parts, files, folder) }
    if ["up", "down", "migration"].contains(stem), let last = file.folder.split(separator: "/").last {
      guard stem != "down" else { return nil }
      return Migration(
        layout: .rails, version: String(last), up: script(file), down: files["\(folder)down.sql"].map(script))
    }
    if let sections = sections(of: file) {
      return Migration(layout: .rails, version: stem, up: sections.up, down: sections.down)
    }
    let down = files["\(folder)\(stem).down.sql"] ?? files["\(folder)down/\(file.name)"]
    return Migration(layout: .plain, version: stem, up: script(file), down: down.map(script))
  }

  private static func script(_ file: MigrationFile) -> Migration.Script {
    Migration.Script(path: file.path, firstLine: 0, text: file.text)
  }

  // MARK: Flyway

  /// `V1_2__name`: a letter, a version, two underscores, a name.
  private static func flyway(_ stem: String) -> (kind: Character, version: String)? {
    guard let kind = stem.first, "VUR".contains(kind), let border = stem.firstRange(of: "__") else { return nil }
    let version = stem[stem.index(after: stem.startIndex)..<border.lowerBound].replacing("_", with: ".")
    guard version.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }), version.isEmpty == (kind == "R") else {
      return nil
    }
    return (kind, String(version))
  }

  private static func migration(
    _ file: MigrationFile, _ parts: (kind: Character, version: String), _ files: [String: MigrationFile],
    _ folder: String
  ) -> Migration? {
    guard parts.kind != "U" else { return nil }
    let undo = files.values.first { other in
      other.folder == file.folder && flyway(String(other.name.dropLast(4))).map { $0 == ("U", parts.version) } == true
    }
    return Migration(
      layout: .flyway, version: parts.kind == "R" ? String(file.name.dropLast(4)) : parts.version, up: script(file),
      down: undo.map(script), isRepeatable: parts.kind == "R")
  }

  // MARK: Both directions in one file

  private static func sections(of file: MigrationFile) -> (up: Migration.Script, down: Migration.Script?)? {
    var up: (line: Int, lines: [ArraySlice<UInt8>])?
    var down: (line: Int, lines: [ArraySlice<UInt8>])?
    var isDown = false
    for (number, line) in file.text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      switch marker(line) {
      case "up": (up, isDown) = ((number + 1, []), false)
      case "down": (down, isDown) = ((number + 1, []), true)
      default: if isDown { down?.lines.append(line) } else { up?.lines.append(line) }
      }
    }
    guard let up else { return nil }
    func script(_ section: (line: Int, lines: [ArraySlice<UInt8>])) -> Migration.Script {
      Migration.Script(
        path: file.path, firstLine: section.line, text: Array(section.lines.joined(separator: [0x0A])))
    }
    return (script(up), down.map(script))
  }

  private static func marker(_ line: ArraySlice<UInt8>) -> String? {
    guard line.starts(with: "--".utf8), line.count < 100 else { return nil }
    let words = String(decoding: line.dropFirst(2), as: UTF8.self).lowercased().split(whereSeparator: \.isWhitespace)
    guard let first = words.first else { return nil }
    if first == "migrate:up" || first == "migrate:down" { return String(first.dropFirst(8)) }
    return first == "+goose" && words.count > 1 && ["up", "down"].contains(words[1]) ? String(words[1]) : nil
  }

  // MARK: Order

  /// Runs of digits by their value, everything else by its characters.
  static func precedes(_ a: String, _ b: String) -> Bool {
    var (left, right) = (Array(a.utf8)[...], Array(b.utf8)[...])
    while let x = left.first, let y = right.first {
      let (digits, others) = (left.prefix(while: isDigit), right.prefix(while: isDigit))
      if !digits.isEmpty, !others.isEmpty {
        let (m, n) = (digits.drop { $0 == 48 }, others.drop { $0 == 48 })
        if m.count != n.count { return m.count < n.count }
        if !m.elementsEqual(n) { return m.lexicographicallyPrecedes(n) }
        (left, right) = (left.dropFirst(digits.count), right.dropFirst(others.count))
      } else {
        if x != y { return x < y }
        (left, right) = (left.dropFirst(), right.dropFirst())
      }
    }
    return left.count < right.count
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
