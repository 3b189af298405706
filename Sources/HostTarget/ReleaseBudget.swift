import MooringModel

/// What a release may still weigh while its files are read, one after the other.
struct ReleaseBudget {
  private let limits: HostTargetOptions.Limits
  private var totalBytes = 0

  init(limits: HostTargetOptions.Limits) {
    self.limits = limits
  }

  /// - Throws: `Fault` where one file or all together are too large, or where it is a Git LFS pointer.
  mutating func check(_ bytes: [UInt8], at place: String) throws(Fault) {
    totalBytes += bytes.count
    if bytes.count > limits.fileBytes || totalBytes > limits.totalBytes {
      let (what, limit) =
        bytes.count > limits.fileBytes ? ("the file", limits.fileBytes) : ("the release", limits.totalBytes)
      throw Fault(
        .limit, "\(what) is larger than \(limit) bytes", at: place,
        remedy: "keep large files out of the repository, or raise the limit")
    }
    if LFSPointer.isPointer(bytes) {
      throw Fault(
        .refusedContent, "a Git LFS pointer, not the file that it stands for", at: place,
        remedy: "commit the file itself, or leave it out of the environment's path")
    }
  }
}
