#pragma once

/// Calls of Linux that Swift's Glibc module leaves out, because it is compiled without `_GNU_SOURCE`.

/// syncfs(2): makes the file system that holds the descriptor durable as it is now.
int mooring_syncfs(int descriptor);

/// renameat2(2) with `RENAME_EXCHANGE`: swaps two names of one folder atomically.
int mooring_exchange(int folder, const char *one, const char *other);

/// malloc_trim(3): gives memory that is free back to Linux, wherever it lies between memory that is not.
void mooring_give_memory_back(void);

/// Starts a program as the leader of a session of its own, with no signal blocked or ignored, and with no descriptors but
/// the three given as its standard ones. Returns 0 or an errno.
int mooring_spawn(
    int *process, const char *path, char *const arguments[], char *const environment[], const char *directory, int input,
    int output, int errors);

/// renameat2(2) with `RENAME_NOREPLACE`: renames within a folder, and fails with `EEXIST` where the new name is taken.
int mooring_rename_new(int folder, const char *name, const char *new_name);

/// As `mooring_exchange`, of two names in two folders of one file system.
int mooring_exchange_between(int folder, const char *one, int other_folder, const char *other);

/// As `mooring_rename_new`, into another folder of the file system.
int mooring_move_new(int folder, const char *name, int new_folder, const char *new_name);

/// openat2(2) that stays below the folder and follows no link, ordinary or magic: `ENOSYS` before Linux 5.6.
int mooring_open_beneath(int folder, const char *path, int flags);
