import Documents
import Git
import MooringModel

/// Compares candidates with what is in quarantine: file by file and field by field, by the trees that the journal keeps.
///
/// So nothing of a value needs to be kept for it, secret or not, and every state directory comes to the same answer.
struct QuarantineComparison {
  /// Entries of a quarantine that a candidate is compared with, the newest; of the others the digest alone counts.
  static let mostEntries = 50
  /// Files that a bad release may have changed, and their bytes, to be compared.
  static let (mostFiles, mostBytes) = (1000, 32 << 20)
  /// The largest file that is compared by field.
  static let largestFile = 4 << 20

  let git: Repository
  let secrets: SecretRules

  /// What a candidate has in common with all that a state has in quarantine.
  func resemblances(of candidate: ReleaseDigest, _ state: EnvironmentState) throws -> Resemblances {
    let entries = state.quarantine.entries
    var result = Resemblances(compared: Set(entries.map(\.digest)))
    let deployed = state.deployed.flatMap { $0.verified ? $0.release.digest : nil }
    guard candidate != deployed else { return result }
    for entry in entries.suffix(Self.mostEntries) {
      guard let good = entry.change?.against, entry.digest != candidate else { continue }
      let bad = try self.bad(entry.digest, against: good)
      guard !bad.paths.isEmpty else { continue }
      let back = try places(of: bad, in: candidate, as: entry.digest)
      guard !back.isEmpty else { continue }
      let running = try deployed.map { try places(of: bad, in: $0, as: entry.digest) } ?? []
      result.found[entry.digest] = bad.change.resemblance(candidate: back, running: running)
    }
    return result
  }

  /// What a release that is left behind had changed, for people.
  func change(of bad: ReleaseDigest, against good: ReleaseDigest) throws -> QuarantinedChange {
    try self.bad(bad, against: good).listed
  }

  // MARK: What the bad release changed

  struct Bad {
    var change = BadChange()
    /// All its places and those of its images, with where they are in a document; `nil` is the file as a whole.
    var paths: [BadChange.Place: FieldPath?] = [:]
    var listed: QuarantinedChange

    init(against good: ReleaseDigest) { listed = QuarantinedChange(against: good) }

    mutating func list(_ field: QuarantinedChange.Field) {
      if listed.fields.count < QuarantinedChange.listed { listed.fields.append(field) } else { listed.more += 1 }
    }
  }

  private func bad(_ digest: ReleaseDigest, against good: ReleaseDigest) throws -> Bad {
    var bad = Bad(against: good)
    guard git.contains(try good.object), git.contains(try digest.object) else {
      bad.change.isCut = true
      return bad
    }
    var bytes = 0
    for (index, change) in try git.changes(from: good.object, to: digest.object).enumerated() {
      bytes += try [change.old, change.new].compactMap { $0 }.reduce(0) { try $0 + git.blobSize($1.id) }
      guard index < Self.mostFiles, bytes <= Self.mostBytes else {
        bad.change.isCut = true
        bad.listed.more += 1
        continue
      }
      try add(change, to: &bad)
    }
    return bad
  }

  private func add(_ change: TreeChange, to bad: inout Bad) throws {
    let (old, new) = (try content(change.old), try content(change.new))
    let isReadable = (old != nil || change.old == nil) && (new != nil || change.new == nil)
    guard isReadable, change.old?.mode == change.new?.mode || change.old == nil || change.new == nil else {
      return addWhole(change.path, to: &bad)
    }
    let difference = differences(from: old, to: new, path: change.path)
    let object = ObjectName(path: change.rawPath)
    let isSecret = secrets.hides(object, mode: nil) || secrets.hideAll(of: difference, old, new)
    guard case .fields(let documents) = difference.content else { return addWhole(change.path, to: &bad) }
    for document in documents {
      for field in document.fields {
        let place = BadChange.Place(file: change.path, document, field.path)
        bad.change.places.insert(place)
        bad.paths[place] = field.path
        bad.list(.init(file: change.path, change: secrets.change(field, of: document, isSecret: isSecret)))
        if !isSecret, let value = field.new { addImages(in: value, at: field.path, change.path, document, to: &bad) }
      }
    }
  }

  private func addWhole(_ file: String, to bad: inout Bad) {
    let place = BadChange.Place(file: file, field: nil)
    bad.change.places.insert(place)
    bad.paths[place] = .some(nil)
    bad.list(.init(file: file))
  }

  private func addImages(
    in value: FieldValue, at path: FieldPath, _ file: String, _ document: DocumentDifference, to bad: inout Bad
  ) {
    for image in ImageReference.all(in: value, at: path) {
      let place = BadChange.Place(file: file, document, image.path)
      bad.change.images[place] = image.text
      bad.paths[place] = image.path
      if !bad.listed.images.contains(image.text), bad.listed.images.count < QuarantinedChange.listed {
        bad.listed.images.append(image.text)
      }
    }
  }

  // MARK: How much of it is back

  /// The places at which a tree has what the bad one had.
  private func places(
    of bad: Bad, in tree: ReleaseDigest, as digest: ReleaseDigest
  ) throws -> Set<BadChange.Place> {
    guard git.contains(try tree.object) else { return [] }
    var same: Set<BadChange.Place> = []
    for (file, places) in Dictionary(grouping: bad.paths.keys, by: \.file) {
      let entry = try git.entry(at: file, in: tree.object)
      let wanted = try git.entry(at: file, in: digest.object)
      if entry?.id == wanted?.id, entry?.mode == wanted?.mode {
        same.formUnion(places)
      } else if let touched = try touched(from: entry, to: wanted, file) {
        same.formUnion(places.filter { !touched.contains($0, at: bad.paths[$0] ?? nil) })
      }
    }
    return same
  }

  /// What differs between a file and the bad one; `nil` where that can't be said by field.
  private func touched(from entry: TreeEntry?, to wanted: TreeEntry?, _ file: String) throws -> TouchedFields? {
    let (old, new) = (try content(entry), try content(wanted))
    guard old != nil || entry == nil, new != nil || wanted == nil,
      case .fields(let documents) = differences(from: old, to: new, path: file).content
    else { return nil }
    return TouchedFields(documents)
  }

  /// `nil` for what is too large to compare, and for what is no plain file.
  private func content(_ entry: TreeEntry?) throws -> [UInt8]? {
    guard let entry, entry.mode == .regular || entry.mode == .executable,
      try git.blobSize(entry.id) <= Self.largestFile
    else { return nil }
    return try git.blob(entry.id)
  }
}

/// The fields in which two versions of a file differ, by document.
private struct TouchedFields {
  private var paths: [String: [FieldPath]] = [:]

  init(_ documents: [DocumentDifference]) {
    for document in documents { paths[document.place] = document.fields.map(\.path) }
  }

  /// Whether anything at a place, above or below it differs.
  func contains(_ place: BadChange.Place, at path: FieldPath?) -> Bool {
    guard let path else { return true }
    return paths[place.document]?.contains { $0.isInside(path) || path.isInside($0) } ?? false
  }
}

extension BadChange.Place {
  fileprivate init(file: String, _ document: DocumentDifference, _ path: FieldPath) {
    self.init(file: file, document: document.place, field: path.description)
  }
}

extension DocumentDifference {
  /// Its Kubernetes identity, or its number in the file.
  fileprivate var place: String { name ?? String(position) }
}
