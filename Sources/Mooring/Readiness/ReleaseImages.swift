import Documents
import MooringModel
import Readiness

/// The images that a stored release names.
struct ReleaseImages {
  /// Larger files hold no manifests.
  private static let largestFile = 4 << 20
  /// Images of one release.
  private static let most = 5_000

  struct Named {
    var reference: ContainerImage
    var place: Place
  }

  /// Each name once, in the order of the files.
  static func all(in release: StoredRelease) throws -> [Named] {
    var seen: Set<String> = []
    var images: [Named] = []
    for file in try release.files() where file.kind != .link {
      guard ["yaml", "yml", "json"].contains(where: { file.path.string.hasSuffix("." + $0) }),
        let bytes = release.bytes(at: file.path.string, limit: largestFile)
      else { continue }
      for image in try named(in: bytes, file.path.string) where seen.insert(image.text).inserted {
        guard let reference = ContainerImage(image.text) else { continue }
        images.append(
          Named(
            reference: reference,
            place: Place(file: file.path.string, line: image.line, field: image.field.description)))
        guard images.count <= most else {
          throw Fault(.limit, "more than \(most) images in a release", remedy: "split the environment")
        }
      }
    }
    return images
  }

  /// A file that can't be read by field names no images.
  private static func named(in bytes: [UInt8], _ path: String) throws -> [NamedImage] {
    do throws(DocumentError) { return try NamedImage.all(in: bytes, path: path) } catch { return [] }
  }
}
