import FoundationEssentials
import Mooring

extension FuzzTarget {
  static let transfer: [FuzzTarget] = [
    FuzzTarget(
      name: "transfer",
      seeds: [
        #"{"kind":"fetch","repository":"/a","url":"/b","refspecs":["+refs/heads/*:refs/x/*"],"updates":[]}"#,
        #"{"progress":{"received":1,"total":2,"bytes":3}}"#, #"{"fetched":{}}"#, #"{"missing":{"_0":["refs/a"]}}"#,
        #"{"failed":{"_0":"why","isRemote":true}}"#, #"{"pushed":{"_0":[{"reference":"a","outcome":{"pushed":{}}}]}}"#,
      ], words: ["\"_0\":", "1e400", "null", "[[[[", "{\"a\":", "\\ud800"]
    ) { bytes in
      let data = Data(bytes)
      if let request = try? JSONDecoder().decode(TransferRequest.self, from: data) {
        let written = try JSONEncoder().encode(request)
        try hold(
          try JSONDecoder().decode(TransferRequest.self, from: written) == request, "a request doesn't read back")
      }
      let reply = try JSONDecoder().decode(TransferReply.self, from: data)
      let written = try JSONEncoder().encode(reply)
      try hold(try JSONDecoder().decode(TransferReply.self, from: written) == reply, "a reply doesn't read back")
    }
  ]
}
