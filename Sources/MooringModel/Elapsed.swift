/// How long something took, as people are told.
package enum Elapsed {
  /// Seconds of so many milliseconds, cut to hundredths; 0 where nothing is known.
  package static func seconds(_ milliseconds: Int64?) -> Double { Double((milliseconds ?? 0) / 10) / 100 }
}
