#if COVERAGE_GUIDED
  import Glibc

  /// libFuzzer's own loop (compiler-rt, FuzzerDriver.cpp), which this toolchain has as `libclang_rt.fuzzer_no_main`.
  @_silgen_name("LLVMFuzzerRunDriver")
  private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
  ) -> CInt

  /// What the callback tries; it can't hold a context.
  nonisolated(unsafe) private var current: Runner?

  extension MooringFuzz {
    static func cover(_ runner: Runner, _ arguments: [String]) {
      current = runner
      let words = ["MooringFuzz"] + arguments
      var count = CInt(words.count)
      var vector = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: words.count + 1)
      for (index, word) in words.enumerated() { vector[index] = strdup(word) }
      vector[words.count] = nil
      let code = runDriver(&count, &vector) { bytes, count in
        current?.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
        return 0
      }
      exit(code)
    }
  }
#endif
