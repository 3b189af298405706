// HostTarget keeps releases on a machine in the `switch` layout: every release is a read-only folder of its own, named
// by its digest, and `current` is a link that one rename moves from one to the next. A reader sees the old release or
// the new one, never a mixture and never nothing, and going back is the same rename. All work below the root goes
// through open folders, name by name, without following a link, so that nothing that anybody swaps in the meantime
// leads it outside. It carries out the steps of a plan and decides none.
//
// The `inPlace` layout puts files where they belong, among those of others. `InPlaceSurvey` compares and says what stands
// against a release; `InPlaceRoot` writes an intent, then temporaries, then renames, and finishes or undoes what a stop
// left; an inventory in the root says what is ours.
