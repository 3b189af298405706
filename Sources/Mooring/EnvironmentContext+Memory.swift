import CLinux
import Git

extension EnvironmentContext {
  /// Gives back what a deployment or a scan of many files leaves behind and only the next one would need; after it comes
  /// a long time of nothing.
  func giveMemoryBack() {
    // A repository that can't be opened any more says so to who reads it next.
    try? repository.git.reopen()
    mooring_give_memory_back()
  }
}
