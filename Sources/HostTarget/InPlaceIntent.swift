import MooringModel

/// One change of a name in a folder, and the record of it.
struct InPlaceUnit: Sendable, Codable, Hashable {
  /// Where it is, from the root.
  var path: RelativePath
  /// Tells it apart within its deployment; part of its temporary names.
  var number: Int
  /// What is to be there; `nil` where it is removed.
  var new: InPlaceEntry.Kind?
  /// What was there; `nil` where nothing was.
  var old: InPlaceEntry.Kind?
  /// The files, links and folders in an old folder, all of them ours; those below stand before those above.
  var contents: [RelativePath] = []
  /// Set where a folder stays and gets other attributes.
  var attributes: Change?

  struct Change: Sendable, Codable, Hashable {
    var old: InPlaceEntry
    var new: InPlaceEntry
  }

  var folder: [FileName] { path.names.dropLast() }
  var name: FileName { path.names.last ?? "" }
  /// One rename puts the new in the place of the old.
  var replacesAtomically: Bool { new != nil && old != nil && new != .folder && old != .folder }
}

/// What a deployment is about to do to a root, kept durably until it is done or undone.
struct InPlaceIntent: Sendable, Codable, Hashable {
  enum Phase: String, Sendable, Codable {
    /// Temporaries are being written; nothing that anybody looks at has changed.
    case preparing
    /// All of them are durable; every next start goes on.
    case placing
    /// Something was in the way; every next start goes on going back.
    case undoing
  }

  static let newPrefix = ".mooring-new-"
  static let oldPrefix = ".mooring-old-"
  static let version = 1

  var version = Self.version
  /// Eight hexadecimal digits.
  var token: String
  var phase: Phase
  var release: ReleaseDigest
  var units: [InPlaceUnit]

  func newName(of unit: InPlaceUnit) -> FileName { FileName("\(Self.newPrefix)\(token)-\(unit.number)") }
  func oldName(of unit: InPlaceUnit) -> FileName { FileName("\(Self.oldPrefix)\(token)-\(unit.number)") }

  /// The units, those of one folder together, in the order in which their folders come first.
  var byFolder: [(folder: [FileName], units: [InPlaceUnit])] {
    var places: [[FileName]: Int] = [:]
    var groups: [(folder: [FileName], units: [InPlaceUnit])] = []
    for unit in units {
      let folder = unit.folder
      if let place = places[folder] {
        groups[place].units.append(unit)
      } else {
        places[folder] = groups.count
        groups.append((folder, [unit]))
      }
    }
    return groups
  }

  /// Whether its token and numbers make names that are ours.
  var isSound: Bool {
    token.utf8.count == 8 && token.allSatisfy(\.isHexDigit) && units.allSatisfy { $0.number >= 0 }
      && Set(units.map(\.number)).count == units.count
  }
}
