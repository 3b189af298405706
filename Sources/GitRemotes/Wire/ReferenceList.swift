import Git

/// Gathers a remote's references from the lines that it sends, within limits.
package struct ReferenceList {
  private let limits: WireLimits
  private(set) var references = RemoteReferences()
  private var bytes = 0
  /// Whether the remote says that it doesn't hold its whole history.
  private(set) var isShallow = false

  package init(limits: WireLimits) { self.limits = limits }

  /// By name, as everybody expects them; of two with one name the first.
  package func finished() -> RemoteReferences {
    var sorted = references
    sorted.heads.sort { $0.name < $1.name }
    return sorted
  }

  /// Takes a line of an advertisement (gitprotocol-pack, "Reference Discovery") without its capabilities.
  package mutating func take(advertised line: [UInt8]) throws(RemoteError) {
    try count(line)
    let line = line.last == UInt8(ascii: "\n") ? line.dropLast() : line[...]
    if line.starts(with: Array("shallow ".utf8)) {
      isShallow = true
      return
    }
    let (id, name) = try Self.split(line)
    // What an annotated tag is about, what an empty repository says, and what a fork shares.
    guard !name.suffix(3).elementsEqual(Array("^{}".utf8)), !name.elementsEqual(Array(".have".utf8)) else { return }
    try add(name, id)
  }

  /// Takes a line of the answer to `ls-refs` (gitprotocol-v2): id or `unborn`, name, attributes.
  package mutating func take(listed line: [UInt8]) throws(RemoteError) {
    try count(line)
    let line = line.last == UInt8(ascii: "\n") ? line.dropLast() : line[...]
    let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2 else { throw Self.malformed(line) }
    let isUnborn = parts[0].elementsEqual(Array("unborn".utf8))
    if !isUnborn { try add(parts[1], try Self.split(parts[0] + [UInt8(ascii: " ")] + parts[1]).id) }
    guard parts.count == 3, parts[1].elementsEqual(Array("HEAD".utf8)) else { return }
    for attribute in String(decoding: parts[2], as: UTF8.self).split(separator: " ") {
      if attribute.hasPrefix("symref-target:") { try setDefaultBranch(String(attribute.dropFirst(14))) }
    }
  }

  mutating func setDefaultBranch(_ name: String) throws(RemoteError) {
    try Self.check(name)
    references.defaultBranch = name
  }

  private mutating func add(_ bytes: ArraySlice<UInt8>, _ id: ObjectID) throws(RemoteError) {
    guard references.heads.count < limits.references else {
      throw RemoteError(.tooLarge, "the remote has more than \(limits.references) references")
    }
    // No refspec can name one that isn't UTF-8.
    guard let name = String(validating: bytes, as: UTF8.self) else { return }
    if name == "HEAD" {
      references.head = id
    } else {
      try Self.check(name)
      references.heads.append(.init(name: name, id: id))
    }
  }

  private mutating func count(_ line: [UInt8]) throws(RemoteError) {
    bytes += line.count + 4
    guard bytes <= limits.referenceBytes else {
      throw RemoteError(.tooLarge, "the remote's list of references is larger than \(limits.referenceBytes) bytes")
    }
  }

  private static func split(_ line: ArraySlice<UInt8>) throws(RemoteError) -> (id: ObjectID, name: ArraySlice<UInt8>) {
    guard line.count > 41, line[line.startIndex + 40] == UInt8(ascii: " "),
      let id = ObjectID(hex: String(decoding: line.prefix(40), as: UTF8.self))
    else { throw malformed(line) }
    return (id, line.dropFirst(41))
  }

  /// A name becomes a path in the local repository: nothing but what Git allows may.
  private static func check(_ name: String) throws(RemoteError) {
    do {
      guard name.hasPrefix("refs/"), !name.hasSuffix("/"), !name.utf8.contains(0x7f) else {
        throw malformed(Array(name.utf8)[...])
      }
      try Repository.requireReferenceName(name, "read the remote's references")
    } catch {
      throw malformed(Array(name.utf8)[...])
    }
  }

  private static func malformed(_ line: ArraySlice<UInt8>) -> RemoteError {
    let excerpt = RemoteText.clean(line, limit: 200)
    return RemoteError(.malformed, "the remote names a reference that can't be one: \(excerpt.debugDescription)")
  }
}
