public import Documents

/// A place in production where releases go.
///
/// A target observes and carries out single steps; it decides nothing. Every step checks again that what it is about to
/// replace is what the plan saw.
public protocol Target: Sendable {
  /// What is there now. Changes nothing.
  func observe() async throws -> Observation

  /// Carries one step out. Repeating a step that has been done is harmless.
  ///
  /// - Returns: What a person or the journal should know of it.
  /// - Throws: `Fault`; then production is as it was before the step.
  func carryOut(_ step: Step, of plan: Plan, contents: any ReleaseContents) async throws -> StepReport

  /// What a deployment of a release would change, object by object; `nil` of a target about which the difference of two
  /// releases says everything. Changes nothing.
  ///
  /// - Parameter spared: What isn't ours, and would stay as it is.
  func preview(_ contents: any ReleaseContents, sparing spared: SparedFields) async throws -> TargetPreview?

  /// Clears away what an interrupted step left half done. Never touches what is live.
  func recover() async throws

  /// What isn't as the last deployment left it. Changes nothing at the target.
  ///
  /// - Parameter contents: The release that was deployed last.
  /// - Throws: `Fault` where the target as a whole can't be looked at: its root is gone, or something else stands there.
  func differences(
    from contents: any ReleaseContents, in scope: LookScope, _ rules: LookRules
  ) async throws -> LiveReport

  /// What an object holds; `nil` where it is no file or link, can't be read, or has more than `limit` bytes.
  func read(_ object: ObjectName, limit: Int) async throws -> LiveContent?

  /// The files and links below a folder that isn't Mooring's, without what the rules ignore.
  ///
  /// - Throws: `Fault` where it holds more than `limit` of them, or anything else: a device, a pipe, a socket.
  func files(in folder: ObjectName, limit: Int, _ rules: LookRules) async throws -> [ObjectName]

  /// Whether an object is by now as a release has it.
  func isLive(_ object: ObjectName, of contents: any ReleaseContents) async throws -> Bool

  /// What a release has at an object's place; `nil` where it has nothing there.
  func wanted(_ object: ObjectName, in contents: any ReleaseContents) async throws -> ContentID?

  /// Where a release says what an object should be; `nil` where the object is a file of the release itself, or nothing of
  /// it.
  func origin(of object: ObjectName, in contents: any ReleaseContents) async throws -> ObjectOrigin?

  /// Why an object, or one field of it, is drift or isn't, in sentences without values; `nil` where the release's files and
  /// the rules say all of it.
  func explanation(
    of object: ObjectName, _ field: FieldPath?, in contents: any ReleaseContents
  ) async throws -> [String]?

  /// The manifest of an object that somebody else made; `nil` where it is gone, or the target has no manifests.
  func manifest(of object: ObjectName) async throws -> NewManifest?

  /// Whether what a release put there works, as far as the target itself can tell.
  func health(of contents: any ReleaseContents) async throws -> TargetHealth

  /// What keeps several programs from working on it at once, where anything but the state directory's lock has to.
  var coordination: (any Coordination)? { get }

  /// Manifests that give an account what it takes to deploy a release, to look after it and to remove it again; `nil` where
  /// the target has no accounts. Changes nothing.
  func accessManifest(for contents: any ReleaseContents, _ account: ServiceAccountName) async throws -> String?

  /// Reports what happens to objects from now on, until whoever iterates stops. The events only say where to look.
  func watch(_ rules: LookRules) async throws -> LiveWatch
}

extension Target {
  /// Files become what the release has.
  public func preview(
    _ contents: any ReleaseContents, sparing spared: SparedFields
  ) async throws -> TargetPreview? { nil }

  /// Of a target whose objects are the release's files.
  public func isLive(_ object: ObjectName, of contents: any ReleaseContents) async throws -> Bool {
    guard let wanted = try await wanted(object, in: contents) else { return false }
    return try await read(object, limit: HostTargetOptions.Limits().fileBytes)?.object.content == wanted
  }

  /// Of a target whose objects are the release's files.
  public func wanted(_ object: ObjectName, in contents: any ReleaseContents) async throws -> ContentID? {
    guard let path = try? RelativePath(object.releasePath) else { return nil }
    return try contents.content(at: path)
  }

  /// Of a target whose objects are the release's files.
  public func origin(of object: ObjectName, in contents: any ReleaseContents) async throws -> ObjectOrigin? { nil }

  /// Of a target whose objects are the release's files.
  public func explanation(
    of object: ObjectName, _ field: FieldPath?, in contents: any ReleaseContents
  ) async throws -> [String]? { nil }

  /// Of a target whose objects are the release's files.
  public func manifest(of object: ObjectName) async throws -> NewManifest? { nil }

  /// Of a target that only one machine reaches.
  public var coordination: (any Coordination)? { nil }

  /// Of a target that has no accounts of its own.
  public func accessManifest(
    for contents: any ReleaseContents, _ account: ServiceAccountName
  ) async throws -> String? { nil }

  /// Files do nothing by themselves: whether a host works is for gates to say.
  public func health(of contents: any ReleaseContents) async throws -> TargetHealth { .healthy }
}

/// A place in a file of a release.
public struct ObjectOrigin: Sendable, Hashable {
  public var file: RelativePath
  /// From 1: where the object begins.
  public var line: Int
  /// From 0: which document of the file the object is, or is an item of.
  public var document: Int
  /// From 0: which item of a list the object is.
  public var item: Int?

  public init(file: RelativePath, line: Int, document: Int = 0, item: Int? = nil) {
    self.file = file
    self.line = line
    self.document = document
    self.item = item
  }
}

extension ObjectOrigin: CustomStringConvertible {
  public var description: String { "\(file):\(line)" }
}

/// Whether what was deployed works.
public enum TargetHealth: Sendable, Hashable {
  case healthy
  /// Not yet, and why.
  case progressing(String)
  /// It will not work by itself any more, and why.
  case degraded(String)
}

/// The events of a target.
public struct LiveWatch: Sendable {
  public var means: WatchMeans
  public var changes: AsyncStream<LiveChange>
  /// Of a watch that can lose sight of what it watches while it goes on.
  public var sight: LiveSight?

  public init(means: WatchMeans, changes: AsyncStream<LiveChange>, sight: LiveSight? = nil) {
    self.means = means
    self.changes = changes
    self.sight = sight
  }
}

/// What a target reports of itself.
public struct Observation: Sendable, Hashable, Codable {
  /// The release that the target runs; `nil` where it runs none.
  public var deployed: ReleaseDigest?
  /// Releases that can be gone back to without writing a file.
  public var retained: Set<ReleaseDigest>

  public init(deployed: ReleaseDigest?, retained: Set<ReleaseDigest> = []) {
    self.deployed = deployed
    self.retained = retained
  }
}

/// What came of one step.
public struct StepReport: Sendable, Hashable, Codable {
  public var step: Step.Kind
  /// One line for people: `materialised 1,000 files (12 reused)`.
  public var summary: String
  /// The end of what a program printed, at most 4 KiB.
  public var output: String?

  public init(step: Step.Kind, summary: String, output: String? = nil) {
    self.step = step
    self.summary = summary
    self.output = output
  }
}
