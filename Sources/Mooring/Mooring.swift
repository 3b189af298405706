// Mooring
