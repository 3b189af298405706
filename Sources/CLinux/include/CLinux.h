#pragma once

/// Calls of Linux that Swift's Glibc module leaves out, because it is compiled without `_GNU_SOURCE`.

/// syncfs(2): makes the file system that holds the descriptor durable as it is now.
int mooring_syncfs(int descriptor);

/// renameat2(2) with `RENAME_EXCHANGE`: swaps two names of one folder atomically.
int mooring_exchange(int folder, const char *one, const char *other);

/// malloc_trim(3): gives memory that is free back to Linux, wherever it lies between memory that is not.
void mooring_give_memory_back(void);
