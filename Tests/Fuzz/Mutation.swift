/// Makes new inputs of old ones: bits, bytes, words of the grammar, pieces moved, repeated, nested or left out.
struct Mutation {
  /// An input is at most this long.
  static let mostBytes = 1 << 14

  private var random: SeededRandom
  private let words: [[UInt8]]

  init(seed: UInt64, words: [String]) {
    random = SeededRandom(seed: seed)
    self.words = (words + ["\0", "\n", "\u{FEFF}", "é"]).map { Array($0.utf8) }
  }

  /// One to eight changes to one of the corpus.
  mutating func input(of corpus: [[UInt8]]) -> [UInt8] {
    var input = corpus.randomElement(using: &random) ?? []
    for _ in 0..<(1 << Int.random(in: 0...3, using: &random)) { change(&input, corpus) }
    return Array(input.prefix(Self.mostBytes))
  }

  private mutating func change(_ input: inout [UInt8], _ corpus: [[UInt8]]) {
    let place = Int.random(in: 0...input.count, using: &random)
    switch Int.random(in: 0..<8, using: &random) {
    case 0 where place < input.count: input[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1 where place < input.count: input[place] = .random(in: 0...255, using: &random)
    case 2: input.removeSubrange(piece(of: input))
    case 3: input.insert(contentsOf: input[piece(of: input)], at: place)
    case 4: repeatPiece(of: &input, at: place)
    case 5:
      let other = corpus.randomElement(using: &random) ?? []
      input.replaceSubrange(place..., with: other[piece(of: other)])
    default: input.insert(contentsOf: words.randomElement(using: &random) ?? [], at: place)
    }
  }

  /// What exhausts parsers is often small and comes a thousand times.
  private mutating func repeatPiece(of input: inout [UInt8], at place: Int) {
    let times = 1 << Int.random(in: 1...10, using: &random)
    let range = piece(of: input)
    guard range.count * times <= Self.mostBytes else { return }
    let part = Array(input[range])
    input.insert(contentsOf: (0..<times).flatMap { _ in part }, at: place)
  }

  private mutating func piece(of input: [UInt8]) -> Range<Int> {
    let start = Int.random(in: 0...input.count, using: &random)
    let most = min(input.count - start, 1 << Int.random(in: 0...10, using: &random))
    return start..<start + Int.random(in: 0...most, using: &random)
  }
}
