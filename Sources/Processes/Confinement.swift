/// How far a program is kept from the machine and from everybody else.
///
/// With namespaces (Linux; as root, or where users may make namespaces of users) the program sees `inputs` as `/inputs`,
/// read-only, the paths of `readable`, and nothing else of the machine; it writes to `/output`, `/home` and `/tmp` alone,
/// which are in memory; no process of it outlives it; as root it runs as a user that owns nothing.
public struct Confinement: Sendable, Hashable {
  /// What the program may reach.
  public enum Reach: Sendable, Hashable {
    /// Nobody: its network is its own and empty.
    case nobody
    /// Whomever we reach; its files are its own.
    case network
    /// All that we reach, also of files: no namespaces. The limits hold all the same.
    case machine
  }

  /// An absolute path.
  public var inputs: String
  /// Files and folders that it may read at their own absolute paths; those that aren't there are passed over.
  public var readable: [String]
  public var reach: Reach
  /// Bytes of memory, of all its processes together. Looked at ten times a second; besides, no single process gets more.
  public var memory: Int
  public var processes: Int
  /// Bytes that it may write in all.
  public var storage: Int
  /// Files and folders that it may make.
  public var files: Int
  /// Bytes that it may print, and write to one file.
  public var output: Int

  public init(
    inputs: String, readable: [String] = Confinement.system, reach: Reach = .nobody, memory: Int = 1 << 30,
    processes: Int = 128, storage: Int = 256 << 20, files: Int = 20_000, output: Int = 64 << 20
  ) {
    self.inputs = inputs
    self.readable = readable
    self.reach = reach
    self.memory = memory
    self.processes = processes
    self.storage = storage
    self.files = files
    self.output = output
  }

  /// Where a system keeps its programs and what they link to; nothing of it is secret.
  public static let system = [
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc/alternatives", "/etc/ld.so.cache",
  ]
  /// What a program needs besides to find and trust others in a network.
  public static let networkFiles = [
    "/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/ssl", "/etc/ca-certificates", "/etc/pki",
  ]
}
