import MooringModel

extension Fault {
  /// Runs what may throw anything, and throws a `Fault`.
  static func wrapping<Result>(at place: String, _ body: () throws -> Result) throws(Fault) -> Result {
    do {
      return try body()
    } catch let fault as Fault {
      throw fault
    } catch is CancellationError {
      throw Fault(.interrupted, "it was interrupted", at: place, remedy: "repeat it")
    } catch {
      throw Fault(.unexpected, "\(error)", at: place)
    }
  }
}
