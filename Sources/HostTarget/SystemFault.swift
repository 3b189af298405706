import Glibc
import MooringModel

extension Fault {
  /// A failed system call as a person should hear of it.
  ///
  /// - Parameter doing: What was being done, to follow "can't": `write it`.
  static func system(_ code: Int32, cannot doing: String, at place: String) -> Fault {
    Fault(.target, "can't \(doing): \(meaning(of: code))", at: place, remedy: remedy(for: code))
  }

  /// What a person calls the error.
  static func meaning(of code: Int32) -> String {
    switch code {
    case ENOSPC: return "the disk is full"
    case EDQUOT: return "the disk quota is used up"
    case EROFS: return "the file system is read-only"
    case EACCES: return "permission denied"
    case EPERM: return "not permitted (the file may be immutable)"
    case ELOOP: return "a symbolic link is in the way"
    case ENOTDIR: return "something that is not a folder is in the way"
    default:
      var buffer = [CChar](repeating: 0, count: 256)
      guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
      let text = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      return String(decoding: text, as: UTF8.self).lowercased()
    }
  }

  private static func remedy(for code: Int32) -> String {
    switch code {
    case ENOSPC, EDQUOT: "free space, or keep fewer releases; production is unchanged"
    case EROFS: "mount the file system read-write; production is unchanged"
    case EACCES, EPERM: "give the user that runs Mooring the right to change the target's root"
    case ELOOP, ENOTDIR, EEXIST: "look who else changes the target's root, and move that out of the way"
    case EMFILE, ENFILE: "raise the limit of open files"
    case ENOENT: "make it, or correct the target's root"
    case EIO: "check the disk; production is unchanged"
    default: "put that right and repeat"
    }
  }
}
