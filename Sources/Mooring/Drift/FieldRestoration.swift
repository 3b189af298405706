import Documents
import MooringModel

/// Puts single fields of a live file, or of an object in a cluster, back as they were deployed, and leaves everything else
/// in it as somebody made it.
struct FieldRestoration {
  let deployed: StoredRelease
  let target: any Target

  /// - Throws: `Fault` where the fields can't be put back by themselves.
  func restoration(of object: ObjectName, seen: LiveObject?, fields: [String]) async throws -> Restoration {
    guard let kind = seen?.kind, kind == .file || kind == .object,
      let live = try await target.read(object, limit: HostTargetOptions.Limits().fileBytes),
      let before = try live.expected ?? deployed.content(of: object).map({ try deployed.read($0) })
    else { throw conflict(object, "it isn't there, or isn't what was deployed with some fields changed") }
    guard live.object.content == seen?.content else { throw conflict(object, "it has just been changed again") }
    // Fields of a cluster's object are JSON, whatever it is called.
    let path = kind == .object ? "\(object.releasePath).json" : object.releasePath
    var bytes = live.bytes
    for field in fields {
      bytes = try LiveEdit(
        path: path, deployed: bytes, live: before, field: FieldPath(asked: field), act: "put back"
      ).bytes()
    }
    let part = Restoration.Part(fields: fields, bytes: bytes, content: try deployed.identity(of: bytes))
    return Restoration(object: object, seen: seen, part: part)
  }

  private func conflict(_ object: ObjectName, _ why: String) -> Fault {
    Fault(
      .conflict, "no field can be put back by itself: \(why)", at: object.string,
      remedy: "look at it with `mooring drift`, or put the whole object back")
  }
}
