// MooringJournal
