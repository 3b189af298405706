import Testing

@Suite struct MooringJournalTests {}
