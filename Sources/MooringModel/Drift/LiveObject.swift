/// What stands at an object's place, or should, as far as a target can tell without knowing what it means.
public struct LiveObject: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Codable {
    case file, folder, link
    /// A device, a pipe, a socket.
    case other
    /// An object of a cluster.
    case object
  }

  public var kind: Kind
  /// Of a file its bytes, of a link its target; `nil` of others, and of a file that is too large to read or can't be
  /// read.
  public var content: ContentID?
  /// Bytes of a file.
  public var size: Int?
  /// Permission bits with setuid, setgid and sticky; `nil` where they say nothing (links).
  public var mode: UInt32?
  /// User and group by number, `0:33`; `nil` where they say nothing.
  public var owner: String?
  /// What stands for the content of a file that wasn't read: size, time of its last change, inode.
  public var stamp: String?
  /// Why its content isn't known: `permission denied`, `larger than 104857600 bytes`.
  public var problem: String?

  public init(
    kind: Kind, content: ContentID? = nil, size: Int? = nil, mode: UInt32? = nil, owner: String? = nil,
    stamp: String? = nil, problem: String? = nil
  ) {
    self.kind = kind
    self.content = content
    self.size = size
    self.mode = mode
    self.owner = owner
    self.stamp = stamp
    self.problem = problem
  }
}

/// An object that isn't as Mooring left it. `expected` is `nil` where nothing of ours belongs, `found` where nothing is.
public struct LiveDifference: Sendable, Hashable {
  public var object: ObjectName
  public var expected: LiveObject?
  public var found: LiveObject?
  /// When the file system says that it was last changed (its `ctime`; of what is missing, that of its folder).
  public var changed: Timestamp?
  /// Who did it, where what is there says so itself.
  public var by: Attribution?

  public init(
    object: ObjectName, expected: LiveObject?, found: LiveObject?, changed: Timestamp? = nil, by: Attribution? = nil
  ) {
    self.object = object
    self.expected = expected
    self.found = found
    self.changed = changed
    self.by = by
  }
}

/// Which objects are looked at.
public enum LookScope: Sendable, Hashable {
  case everything
  /// These, and what is below them where they are folders.
  case objects(Set<ObjectName>)
}

/// What a look at a target found.
public struct LiveReport: Sendable, Hashable {
  /// Sorted by object.
  public var differences: [LiveDifference]
  /// How many objects of ours were compared.
  public var compared: Int
  /// What could not be looked at, and why: `permission denied` in the middle of a tree. Nothing is said about what lies
  /// there.
  public var unseen: [ObjectName: String]

  public init(differences: [LiveDifference], compared: Int, unseen: [ObjectName: String] = [:]) {
    self.differences = differences
    self.compared = compared
    self.unseen = unseen
  }
}

/// The bytes of an object, with what it was when they were read.
public struct LiveContent: Sendable, Hashable {
  public var object: LiveObject
  /// Of a file its bytes, of a link its target, of an object of a cluster the fields that are judged, as JSON.
  public var bytes: [UInt8]
  /// What should stand there, where that is no file of the release.
  public var expected: [UInt8]?

  public init(object: LiveObject, bytes: [UInt8], expected: [UInt8]? = nil) {
    self.object = object
    self.bytes = bytes
    self.expected = expected
  }
}

/// An object that is to be put back as Mooring left it, if it still is as it was seen.
public struct Restoration: Sendable, Hashable {
  /// A file of which only some fields are put back.
  public struct Part: Sendable, Hashable {
    public var fields: [String]
    /// What was seen, with these fields as they were deployed. In memory only: it may hold secrets.
    public var bytes: [UInt8]
    public var content: ContentID

    public init(fields: [String], bytes: [UInt8], content: ContentID) {
      self.fields = fields
      self.bytes = bytes
      self.content = content
    }
  }

  public var object: ObjectName
  /// What was seen there; `nil` where nothing was.
  public var seen: LiveObject?
  /// `nil` where the whole object is put back.
  public var part: Part?

  public init(object: ObjectName, seen: LiveObject?, part: Part? = nil) {
    self.object = object
    self.seen = seen
    self.part = part
  }
}
