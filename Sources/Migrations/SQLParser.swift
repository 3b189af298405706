internal import CPgQuery
internal import Documents

/// PostgreSQL's own parser, without PostgreSQL.
///
/// Source: [libpg_query](https://github.com/pganalyze/libpg_query). Its memory belongs to the thread that calls.
enum SQLParser {
  /// Bytes of one file.
  static let mostBytes = 4 << 20
  private static let limits = Limits(bytes: 256 << 20, depth: 1_000, nodes: 8_000_000)

  /// A statement's tree, `{"DropStmt": {…}}`, and where it begins; or why it can't be read.
  struct Statement {
    var line: Int
    var tree: Result<Node, SQLProblem>
  }

  /// The statements of a text, in order. One that can't be read doesn't hide the others.
  static func statements(of text: [UInt8]) -> [Statement] {
    guard text.count <= mostBytes else {
      return [Statement(line: 1, tree: .failure(SQLProblem("more than \(mostBytes >> 20) MiB")))]
    }
    guard !text.contains(0), String(validating: text, as: UTF8.self) != nil else {
      return [Statement(line: 1, tree: .failure(SQLProblem("not UTF-8")))]
    }
    let lines = LineStarts(text)
    switch parse(text) {
    case .success(let trees):
      return trees.map { Statement(line: lines.line(of: $0.start), tree: .success($0.tree)) }
    case .failure(let problem):
      guard let pieces = split(text), !pieces.isEmpty else {
        return [Statement(line: problem.line ?? 1, tree: .failure(problem))]
      }
      return pieces.flatMap { piece in statement(at: piece, of: text, lines) }
    }
  }

  private static func statement(at piece: Range<Int>, of text: [UInt8], _ lines: LineStarts) -> [Statement] {
    let first = lines.line(of: piece.lowerBound)
    switch parse(Array(text[piece])) {
    case .success(let trees):
      return trees.map { Statement(line: lines.line(of: piece.lowerBound + $0.start), tree: .success($0.tree)) }
    case .failure(let problem):
      return [Statement(line: first + (problem.line ?? 1) - 1, tree: .failure(problem))]
    }
  }

  /// The trees of a `DO` block or a function in PL/pgSQL, as libpg_query writes them.
  static func procedure(_ text: String) -> Result<Node, SQLProblem> {
    let result = pg_query_parse_plpgsql(text)
    defer { pg_query_free_plpgsql_parse_result(result) }
    if let error = result.error { return .failure(SQLProblem(error.pointee, in: [])) }
    return document(result.plpgsql_funcs)
  }

  private static func parse(_ text: [UInt8]) -> Result<[(start: Int, tree: Node)], SQLProblem> {
    let result = (text + [0]).withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { pg_query_parse($0.baseAddress) }
    }
    defer { pg_query_free_parse_result(result) }
    if let error = result.error { return .failure(SQLProblem(error.pointee, in: text)) }
    return document(result.parse_tree).map { root in
      (root["stmts"]?.elements ?? []).compactMap { raw in
        guard let tree = raw["stmt"] else { return nil }
        return (beginning(from: raw["stmt_location"]?.integer ?? 0, in: text), tree)
      }
    }
  }

  private static func document(_ text: UnsafeMutablePointer<CChar>?) -> Result<Node, SQLProblem> {
    guard let text else { return .failure(SQLProblem("the parser returned nothing")) }
    do throws(DocumentError) {
      let bytes = Array(String(cString: text).utf8)
      guard let root = try Document.parse(bytes, as: .json, limits: limits).first?.root else {
        return .failure(SQLProblem("the parser returned nothing"))
      }
      return .success(root)
    } catch {
      return .failure(SQLProblem("larger or deeper than is read here: \(error.message)"))
    }
  }

  /// Where the statements are, told apart by the scanner alone; `nil` where even that fails.
  private static func split(_ text: [UInt8]) -> [Range<Int>]? {
    let result = (text + [0]).withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { pg_query_split_with_scanner($0.baseAddress) }
    }
    defer { pg_query_free_split_result(result) }
    guard result.error == nil, let statements = result.stmts else { return nil }
    let pieces = (0..<Int(result.n_stmts)).compactMap { index -> Range<Int>? in
      guard let statement = statements[index]?.pointee else { return nil }
      let start = min(max(Int(statement.stmt_location), 0), text.count)
      return start..<min(start + max(Int(statement.stmt_len), 0), text.count)
    }
    return withGaps(pieces, in: text)
  }

  /// The scanner passes over what has no keyword of SQL in it; here that is a piece like every other.
  private static func withGaps(_ pieces: [Range<Int>], in text: [UInt8]) -> [Range<Int>] {
    var (all, end): ([Range<Int>], Int) = ([], 0)
    for piece in pieces + [text.count..<text.count] {
      if let word = firstWord(from: end, in: text), word < piece.lowerBound { all.append(word..<piece.lowerBound) }
      if !piece.isEmpty { all.append(piece) }
      end = max(end, piece.upperBound)
    }
    return all
  }

  // MARK: Places

  /// A statement's place counts from the semicolon before it: its first word comes after blanks and comments.
  private static func beginning(from start: Int, in text: [UInt8]) -> Int { firstWord(from: start, in: text) ?? start }

  /// `nil` where nothing but blanks, comments and semicolons comes.
  private static func firstWord(from start: Int, in text: [UInt8]) -> Int? {
    var index = start
    while index < text.count {
      if [0x20, 0x09, 0x0A, 0x0D, 0x3B].contains(text[index]) {
        index += 1
      } else if text[index...].starts(with: "--".utf8) {
        index = text[index...].firstIndex(of: 0x0A) ?? text.count
      } else if text[index...].starts(with: "/*".utf8) {
        index = endOfComment(from: index, in: text)
      } else {
        return index
      }
    }
    return nil
  }

  /// PostgreSQL's comments nest.
  private static func endOfComment(from start: Int, in text: [UInt8]) -> Int {
    var (index, depth) = (start, 0)
    while index < text.count {
      if text[index...].starts(with: "/*".utf8) {
        (index, depth) = (index + 2, depth + 1)
      } else if text[index...].starts(with: "*/".utf8) {
        (index, depth) = (index + 2, depth - 1)
        if depth == 0 { return index }
      } else {
        index += 1
      }
    }
    return text.count
  }
}

/// Where the lines of a text begin.
private struct LineStarts {
  private let starts: [Int]

  init(_ text: [UInt8]) { starts = [0] + text.indices.filter { text[$0] == 0x0A }.map { $0 + 1 } }

  /// From 1.
  func line(of offset: Int) -> Int {
    var (low, high) = (0, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }
}

/// Why a statement can't be read.
struct SQLProblem: Error {
  var message: String
  /// From the beginning of the text that was parsed.
  var line: Int?

  init(_ message: String) { self.message = message }

  fileprivate init(_ error: PgQueryError, in text: [UInt8]) {
    message = error.message.map { String(cString: $0) } ?? "no reason is known"
    // The position counts characters from 1.
    guard error.cursorpos > 0, !text.isEmpty else { return }
    let before = String(decoding: text, as: UTF8.self).unicodeScalars.prefix(Int(error.cursorpos) - 1)
    line = 1 + before.count { $0 == "\n" }
  }
}
