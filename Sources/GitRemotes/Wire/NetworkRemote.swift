/// A remote that is reached over a channel: what `Remote` does for one on this machine, in Git's protocol.
///
/// Each call takes a channel of its own, which has just been made, and closes it. A call lasts as long as the channel
/// gives something: whoever makes it sees to it that a remote that stalls is cut off.
public enum NetworkRemote {
  /// The remote's references whose names begin with one of the prefixes, and HEAD; all, when there is no prefix.
  ///
  /// - Throws: `RemoteError`.
  public static func heads(
    over channel: any SmartChannel, prefixes: [String] = [], limits: WireLimits = WireLimits()
  ) async throws(RemoteError) -> RemoteReferences {
    do throws(RemoteError) {
      let conversation = try await RemoteConversation(over: channel, limits: limits)
      let heads = try await conversation.heads(prefixes: prefixes)
      try await conversation.sayNothing()
      await channel.close()
      return heads
    } catch {
      await channel.close()
      throw error
    }
  }
}
