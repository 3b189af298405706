import GitRemotes
import Testing

struct RemoteErrorTests {
  @Test func itsDescriptionSaysWhatToDo() {
    let error = RemoteError(.untrusted, "the host key is unknown", remedy: "compare it")
    #expect("\(error)" == "the host key is unknown; compare it")
  }
}
