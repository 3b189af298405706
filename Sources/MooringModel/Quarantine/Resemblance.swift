/// What a candidate has in common with a release that was rolled back.
public struct Resemblance: Hashable, Sendable, Codable, CustomStringConvertible {
  public enum Rule: String, Hashable, Sendable, Codable {
    /// It is the same release, byte for byte.
    case digest
    /// An image that the release changed has the reference again that it had there.
    case image
    /// Every field that the release changed has the value again that it had there.
    case fields
  }

  public var rule: Rule
  /// The image's reference, with its place; or the fields' number.
  public var detail: String?

  public init(_ rule: Rule, _ detail: String? = nil) {
    self.rule = rule
    self.detail = detail
  }

  /// What it does, in the words of an alert.
  public var description: String {
    switch rule {
    case .digest: "is"
    case .image: "brings the image \(detail ?? "") back from"
    case .fields: "gives \(detail ?? "every field") the value again that it had in"
    }
  }
}

/// What a candidate was found to have in common with what is in quarantine, as its files say.
public struct Resemblances: Hashable, Sendable {
  /// The releases in quarantine that it was compared with.
  public var compared: Set<ReleaseDigest>
  /// Those that it resembles.
  public var found: [ReleaseDigest: Resemblance]

  public init(compared: Set<ReleaseDigest> = [], found: [ReleaseDigest: Resemblance] = [:]) {
    self.compared = compared
    self.found = found
  }
}

/// Places of a release that a bad one had changed, and how much of that is back.
///
/// A place that has the bad value in production already brings nothing back: it is the rest that decides.
public struct BadChange: Hashable, Sendable {
  /// A field of a document in a file; a file as a whole, where `field` is `nil`.
  public struct Place: Hashable, Sendable {
    public var file: String
    /// `Kind/namespace/name`, or the number of the document in its file.
    public var document: String
    public var field: String?

    public init(file: String, document: String = "0", field: String?) {
      self.file = file
      self.document = document
      self.field = field
    }
  }

  /// All that the bad release had changed.
  public var places: Set<Place>
  /// Of that, images, with the reference that they had there.
  public var images: [Place: String]
  /// Whether it changed more than can be compared: then `places` aren't all, and say nothing.
  public var isCut: Bool

  public init(places: Set<Place> = [], images: [Place: String] = [:], isCut: Bool = false) {
    self.places = places
    self.images = images
    self.isCut = isCut
  }

  /// What is back in a candidate.
  ///
  /// - Parameters:
  ///   - candidate: The places at which it has what the bad release had.
  ///   - running: Those at which production has that anyway.
  public func resemblance(candidate: Set<Place>, running: Set<Place>) -> Resemblance? {
    let back = images.keys.filter { candidate.contains($0) && !running.contains($0) }
    if let place = back.min(by: { ($0.file, $0.field ?? "") < ($1.file, $1.field ?? "") }), let image = images[place] {
      return Resemblance(.image, "\(image) (\(place.file)\(place.field.map { ": " + $0 } ?? ""))")
    }
    guard !isCut, !places.isEmpty, places.isSubset(of: candidate), !places.isSubset(of: running) else { return nil }
    return Resemblance(.fields, places.count == 1 ? "the field" : "all \(places.count) fields")
  }
}
