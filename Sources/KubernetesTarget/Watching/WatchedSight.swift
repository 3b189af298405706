import Kubernetes
import MooringModel
import Synchronization

/// Which of the places that an environment's watch is about are seen, and why others aren't.
final class WatchedSight: Sendable {
  private struct State {
    var places: Set<WatchHub.Place>
    var seen: Set<WatchHub.Place> = []
    var troubles: [WatchHub.Place: KubernetesError] = [:]
  }

  private let state: Mutex<State>
  private let changes: AsyncStream<Void>
  private let changed: AsyncStream<Void>.Continuation

  init(of places: Set<WatchHub.Place>) {
    state = Mutex(State(places: places))
    (changes, changed) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  var live: LiveSight { LiveSight(changes: changes) { [self] in now } }

  /// From now on the watch is about these.
  func expect(_ places: Set<WatchHub.Place>) {
    state.withLock { state in
      state.places = places
      state.seen.formIntersection(places)
      state.troubles = state.troubles.filter { places.contains($0.key) }
    }
    changed.yield()
  }

  func take(_ news: WatchHub.News) {
    switch news {
    case .seen(let place):
      state.withLock { state in
        state.seen.insert(place)
        state.troubles[place] = nil
      }
    case .blind(let place, let error):
      state.withLock { state in
        state.seen.remove(place)
        state.troubles[place] = error
      }
    default: return
    }
    changed.yield()
  }

  func end() { changed.finish() }

  private var now: Sight? {
    state.withLock { state in
      let troubles = state.troubles.sorted { "\($0.key)" < "\($1.key)" }
      if let (place, error) = troubles.first {
        let more = troubles.count == 1 ? "" : "; and \(troubles.count - 1) more like it"
        return .blind(reason: "\(place): \(error.message)\(error.remedy.map { "; \($0)" } ?? "")\(more)")
      }
      return state.seen.isSuperset(of: state.places) ? .clear : nil
    }
  }
}

extension WatchHub.Place: CustomStringConvertible {
  /// `deployments.apps in shop`
  var description: String { namespace.map { "\(resource) in \($0)" } ?? "\(resource)" }
}
