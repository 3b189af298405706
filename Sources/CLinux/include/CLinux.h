#pragma once

#include "Confinement.h"

/// Calls of Linux that Swift's Glibc module leaves out, because it is compiled without `_GNU_SOURCE`.

/// syncfs(2): makes the file system that holds the descriptor durable as it is now.
int mooring_syncfs(int descriptor);

/// renameat2(2) with `RENAME_EXCHANGE`: swaps two names of one folder atomically.
int mooring_exchange(int folder, const char *one, const char *other);

/// malloc_trim(3): gives memory that is free back to Linux, wherever it lies between memory that is not.
void mooring_give_memory_back(void);

/// mallopt(3) with `M_MMAP_THRESHOLD` of 1 MiB, for good: what is larger goes back to Linux when it is freed. Without it
/// the allocator keeps up to 32 MiB of the largest pieces for each thread that ever needed one. And with `M_ARENA_MAX` of 4:
/// threads that come and go leave holes in few places, and not in eight for each processor.
void mooring_keep_memory_small(void);

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

/// What a watched folder tells, of inotify(7) or of fanotify(7) with `FAN_REPORT_DFID_NAME`.
struct mooring_notice {
  /// Of the values below, one or more: fanotify joins what one process did to one name.
  unsigned int what;
  /// Of inotify: the watch; -1 of an overflow.
  int watch;
  /// Of fanotify: the process, and a pidfd of it, to be closed (-1: it is gone; -2: none was to be had).
  int process, pidfd;
  /// Of fanotify: the folder as `mooring_folder_identity` says it; in the buffer that was read.
  const unsigned char *folder;
  int folder_size;
  /// The name in the folder, in the buffer that was read; `NULL` or empty where the folder itself is meant.
  const char *name;
};

enum {
  MOORING_APPEARED = 1,
  MOORING_VANISHED = 2,
  MOORING_CHANGED = 4,
  MOORING_FOLDER = 8,
  MOORING_LOST = 16,
  MOORING_UNWATCHED = 32,
};

/// Bytes that a folder's identity has at most.
enum { MOORING_IDENTITY_LIMIT = 16 + 128 };

/// inotify_init1(2), not blocking.
int mooring_inotify(void);

/// inotify_add_watch(2) on an open folder for what happens to it and in it, or only for names that come and go there;
/// returns the watch. Needs `/proc`.
int mooring_inotify_watch(int notices, int folder, int names_only);

int mooring_inotify_forget(int notices, int watch);

/// Takes the next notice out of what was read from inotify; `offset` moves on. Returns 0 at the end.
int mooring_inotify_next(const void *buffer, unsigned long size, unsigned long *offset, struct mooring_notice *notice);

/// fanotify_init(2), not blocking, with names and processes; `with_pidfds` needs Linux 5.15, the rest 5.9.
int mooring_fanotify(int with_pidfds);

/// fanotify_mark(2) on an open folder for what happens to it and in it, or only for names that come and go there.
int mooring_fanotify_watch(int notices, int folder, int names_only);

/// Takes the mark off a folder, wherever it is by now. `near` is an open folder of the same file system.
int mooring_fanotify_forget(int notices, int near, const unsigned char *identity, int size);

/// Takes the next notice out of what was read from fanotify; `offset` moves on. Returns 0 at the end.
int mooring_fanotify_next(const void *buffer, unsigned long size, unsigned long *offset, struct mooring_notice *notice);

/// File system and handle of an open folder, as fanotify reports them: name_to_handle_at(2). Returns the size.
int mooring_folder_identity(int folder, unsigned char *identity);

/// memfd_create(2).
int mooring_memory_file(const char *name);

/// eventfd(2), not blocking.
int mooring_eventfd(void);

/// Whether the process of a pidfd hasn't been reaped: pidfd_send_signal(2) of none.
int mooring_is_process(int pidfd);

/// What happens to a process, of the connector of proc events (Documentation/driver-api/connector.rst, linux/cn_proc.h).
struct mooring_process_event {
  /// One of the values below.
  unsigned int what;
  int process;
  /// Of a fork.
  int parent;
};

enum {
  MOORING_PROCESS_OTHER = 0,
  MOORING_PROCESS_FORKED = 1,
  /// It runs another program, or in another user's name.
  MOORING_PROCESS_BECAME = 2,
  MOORING_PROCESS_ENDED = 3,
};

/// A socket, not blocking, on which the kernel tells of all processes. Needs `CAP_NET_ADMIN`; tells nothing outside of the
/// first pid namespace.
int mooring_process_events(void);

/// Takes the next event. Returns -1 with `EAGAIN` where there is none, and with `ENOBUFS` where some were lost.
int mooring_process_event(int events, struct mooring_process_event *event);

/// Names the calling thread, and keeps signals from it. An urgent one goes before others, where that is allowed.
void mooring_begin_thread(const char *name, int is_urgent);
