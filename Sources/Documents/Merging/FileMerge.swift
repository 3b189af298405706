/// Merges three versions of a file by field, and writes the outcome into ours: what no change concerns stays byte for byte,
/// with its comments, order and style.
///
/// The fields decide what the outcome is, and the text only how it looks. It begins as the merge of the lines, or as ours,
/// is edited in place until its fields are the merged ones, and is read again: what reads otherwise is never returned.
public struct FileMerge: Sendable {
  public var base: [UInt8]
  public var ours: [UInt8]
  public var theirs: [UInt8]
  public var format: DocumentFormat
  public var selection: MergeSelection
  public var listKeys: ListKeys
  public var limits: Limits

  public init(
    base: [UInt8], ours: [UInt8], theirs: [UInt8], format: DocumentFormat,
    selection: MergeSelection = .everything, listKeys: ListKeys = .standard, limits: Limits = .standard
  ) {
    (self.base, self.ours, self.theirs) = (base, ours, theirs)
    (self.format, self.selection) = (format, selection)
    (self.listKeys, self.limits) = (listKeys, limits)
  }

  /// Merges.
  ///
  /// - Parameters:
  ///   - text: What a merge of the lines gave, where that met no conflict. It is taken as it is when its fields are the
  ///     merged ones, or when the versions can't be read as fields.
  ///   - choose: Whose value a field in conflict gets; nil leaves the conflict.
  public func outcome(
    text: [UInt8]? = nil, choosing choose: @escaping (MergeConflict) -> MergeSide? = { _ in nil }
  ) -> MergedFile {
    if theirs == base || ours == theirs { return .merged(ours) }
    if ours == base && selection.isEverything { return .merged(theirs) }
    guard format != .text && format != .binary else { return unread(text, "it has no fields") }
    do throws(MergeProblem) {
      var merge = try StreamMerge(
        base: try stream(base, "the version to be undone"), ours: try stream(ours, "the present version"),
        theirs: try stream(theirs, "the version before it"), of: self)
      return try merge.outcome(text: text, choosing: choose)
    } catch {
      return unread(text, error.message)
    }
  }

  private func stream(_ bytes: [UInt8], _ version: String) throws(MergeProblem) -> DocumentStream {
    do {
      return try DocumentStream(bytes, as: format, limits: limits)
    } catch {
      throw MergeProblem(message: "\(version) can't be read as \(format.rawValue): \(error)")
    }
  }

  /// Without fields to judge by, the merge of the lines stands, unless it breaks a file that could be read.
  private func unread(_ text: [UInt8]?, _ reason: String) -> MergedFile {
    guard let text, selection.isEverything else { return .impossible(reason) }
    if format == .text || format == .binary || isReadable(text) || !isReadable(ours) { return .merged(text) }
    return .impossible(reason)
  }

  private func isReadable(_ bytes: [UInt8]) -> Bool {
    do throws(DocumentError) {
      _ = try Document.parse(bytes, as: format, limits: limits)
      return true
    } catch {
      return false
    }
  }
}

/// What became of merging a file.
public enum MergedFile: Sendable, Hashable {
  case merged([UInt8])
  /// Nobody has decided these fields; at least one.
  case conflicts([MergeConflict])
  /// The versions can't be read as fields, or the outcome can't be written in place: why, in one clause.
  case impossible(String)
}

/// Why a file can't be merged by field.
struct MergeProblem: Error {
  var message: String
}
