/// A Git LFS pointer: the text that stands in a repository for a large file that is kept elsewhere.
///
/// Format: [Git LFS specification](https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md).
public enum LFSPointer {
  private static let start = Array("version https://git-lfs.github.com/spec/".utf8)

  /// Whether these are the bytes of a pointer rather than of the file it stands for.
  public static func isPointer(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.starts(with: start)
  }
}
