import Glibc
import MooringModel

extension LiveLook {
  /// Notes what isn't ours, in a folder in which that is reported. A folder is one difference, whatever it holds.
  mutating func compareStranger(_ name: FileName, in folder: Int32) throws {
    var status = stat()
    guard fstatat(folder, name.terminated, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      if errno != ENOENT { unseen[object(name)] = Fault.meaning(of: errno) }
      return
    }
    let place = path.dropFirst(subject.prefix.count).split(separator: UInt8(ascii: "/")).map { Array($0) }
    let components = place + [Array(name.bytes)]
    guard !subject.rules.ignore(components, isFolder: FileStamp(status).isFolder, isOurs: false),
      !(try subject.isTheirs(components)),
      let sighting = try name.terminated.withUnsafeBufferPointer({ bytes in
        try bytes.baseAddress.flatMap { try subject.reader.sight($0, in: folder, expecting: nil) }
      })
    else { return }
    differences.append(
      LiveDifference(
        object: object(name), expected: nil, found: sighting.object(expecting: nil), changed: sighting.changed))
  }
}
