import CLinux
import Git

extension EnvironmentContext {
  /// Gives back what a deployment or a scan of many files leaves behind and only the next one would need; after it comes
  /// a long time of nothing.
  func giveMemoryBack() {
    repository.git.closeUntilUsed()
    mooring_give_memory_back()
  }
}
