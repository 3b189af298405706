import Glibc
import MooringModel

/// A baseline with what was seen of each object, as a file that only makes looks quick: whatever is wrong with it, a look
/// reads everything, and writes it anew.
///
/// Format: 48 bytes of header (`MOORLOOK`; version; bytes of a record, of the key and of the names; records; checksum of
/// what follows; all in the machine's byte order), the key, the names, the records as they are in memory.
struct BaselineFile {
  private static let magic: UInt64 = 0x4D4F_4F52_4C4F_4F4B
  /// To be raised with every change of `Baseline.Record`.
  private static let version: UInt64 = 1
  /// Bytes of the file: a million objects.
  private static let limit = 512 << 20

  private let folder: String
  private let name: FileName

  init(folder: String, target: String) {
    self.folder = folder
    let sum = Array(target.utf8).withUnsafeBytes { Self.checksum($0) }
    name = FileName("look-\(String(sum, radix: 16))")
  }

  // MARK: Reading

  /// `nil` where there is no sound one of this key.
  func read(_ key: String) -> Baseline? {
    let file = open("\(folder)/\(name)", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, FileStamp(status).isFile, status.st_uid == geteuid(), status.st_mode & 0o077 == 0,
      status.st_size <= Self.limit
    else { return nil }
    var header = [UInt64](repeating: 0, count: 6)
    guard Self.fill(&header, from: file), header[0] == Self.magic, header[1] == Self.version,
      header[2] >> 32 == UInt64(MemoryLayout<Baseline.Record>.stride), header[2] & 0xFFFF_FFFF == UInt64(key.utf8.count)
    else { return nil }
    let (nameBytes, count) = (Int(clamping: header[3]), Int(clamping: header[4]))
    let stride = MemoryLayout<Baseline.Record>.stride
    guard nameBytes < Self.limit, count < Self.limit / stride, count > 0,
      48 + key.utf8.count + nameBytes + count * stride == Int(status.st_size)
    else { return nil }
    var foundKey = [UInt8](repeating: 0, count: key.utf8.count)
    var baseline = Baseline(
      records: Array(repeating: Baseline.Record(name: 0, nameLength: 0, kind: 0), count: count),
      names: Array(repeating: 0, count: nameBytes))
    guard Self.fill(&foundKey, from: file), foundKey.elementsEqual(key.utf8), Self.fill(&baseline.names, from: file),
      Self.fill(&baseline.records, from: file), Self.checksum(of: foundKey, baseline) == header[5], baseline.isSound
    else { return nil }
    return baseline
  }

  private static func fill<Element: BitwiseCopyable>(_ array: inout [Element], from file: Int32) -> Bool {
    array.withUnsafeMutableBytes { buffer in
      var done = 0
      while done < buffer.count {
        let got = Glibc.read(file, buffer.baseAddress?.advanced(by: done), buffer.count - done)
        if got < 0 && errno == EINTR { continue }
        if got <= 0 { return false }
        done += got
      }
      return true
    }
  }

  // MARK: Writing

  /// Failing is no failure: the next look reads more.
  ///
  /// - Returns: Whether it is written.
  func write(_ baseline: Baseline, key: String) -> Bool {
    mkdir(folder, 0o700)
    let new = "\(folder)/\(name).\(getpid()).new"
    unlink(new)
    let file = open(new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { return false }
    let bytes = Array(key.utf8)
    let stride = UInt64(MemoryLayout<Baseline.Record>.stride)
    let header = [
      Self.magic, Self.version, stride << 32 | UInt64(bytes.count), UInt64(baseline.names.count),
      UInt64(baseline.records.count), Self.checksum(of: bytes, baseline),
    ]
    let isWritten =
      Self.write(header, to: file) && Self.write(bytes, to: file) && Self.write(baseline.names, to: file)
      && Self.write(baseline.records, to: file)
    guard close(file) == 0, isWritten, rename(new, "\(folder)/\(name)") == 0 else {
      unlink(new)
      return false
    }
    return true
  }

  private static func write<Element: BitwiseCopyable>(_ array: [Element], to file: Int32) -> Bool {
    array.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let put = Glibc.write(file, buffer.baseAddress?.advanced(by: done), buffer.count - done)
        if put < 0 && errno == EINTR { continue }
        if put <= 0 { return false }
        done += put
      }
      return true
    }
  }

  // MARK: Checking

  private static func checksum(of key: [UInt8], _ baseline: Baseline) -> UInt64 {
    let names = baseline.names.withUnsafeBytes { checksum($0, from: key.withUnsafeBytes { checksum($0) }) }
    return baseline.records.withUnsafeBytes { checksum($0, from: names) }
  }

  /// FNV-1a by words of eight bytes, with the high half mixed in: against a disk's mistakes, not against people, who can't
  /// write where the file is.
  private static func checksum(_ bytes: UnsafeRawBufferPointer, from start: UInt64 = 0xCBF2_9CE4_8422_2325) -> UInt64 {
    var sum = start ^ UInt64(bytes.count)
    var place = 0
    while place + 8 <= bytes.count {
      sum = (sum ^ bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)) &* 0x0000_0100_0000_01B3
      sum ^= sum >> 32
      place += 8
    }
    while place < bytes.count {
      sum = (sum ^ UInt64(bytes[place])) &* 0x0000_0100_0000_01B3
      place += 1
    }
    return sum
  }
}

extension Baseline {
  /// Whether its numbers lead nowhere but into it, and never back.
  fileprivate var isSound: Bool {
    records.indices.allSatisfy { index in
      let record = records[index]
      let end = Int(record.name) + Int(record.nameLength)
      return end < names.count && names[end] == 0
        && (record.childCount == 0 || (Int(record.firstChild) > index && record.children.upperBound <= records.count))
    }
  }
}
