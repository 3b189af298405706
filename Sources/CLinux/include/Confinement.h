#pragma once

/// What a confined program sees of the machine, and what it may use.
struct mooring_confinement {
  /// 0: only the limits below are set, and the program sees the machine as we do.
  int has_namespaces;
  /// Whether it keeps our network; else it has one of its own with nobody in it.
  int shares_network;
  /// An empty folder of ours, over which its root is mounted, where only it sees that.
  const char *root;
  /// The folder that it sees as `/inputs`, read-only; where it has no namespaces, the folder that it starts in.
  const char *inputs;
  /// Files and folders that it sees at their own paths, read-only; ended by NULL. Those that aren't there are passed over.
  const char *const *readable;
  /// Whom it runs as where we are root; else it runs as us, in a namespace of users of its own.
  unsigned int user;
  /// Bytes, and files and folders, that it may write in all.
  unsigned long storage, files;
  /// Of each of its processes: bytes of a file, bytes of memory of its own, seconds of processor time.
  unsigned long file_size, memory, processor_time;
  unsigned long processes;
};

/// How far the start of a confined program came.
enum mooring_confinement_step {
  MOORING_STARTED,
  MOORING_CLONE,
  MOORING_USERS,
  MOORING_ROOT,
  MOORING_READABLE,
  MOORING_INPUTS,
  MOORING_DEVICES,
  MOORING_PIVOT,
  MOORING_LIMITS,
  MOORING_IDENTITY,
  MOORING_DESCRIPTORS,
  MOORING_EXECUTE,
};

/// A confined program that was started, or how far that came.
struct mooring_confined {
  int process;
  /// Of the process: pidfd_open(2).
  int process_descriptor;
  /// An open descriptor of the program's `/output`, which outlives it; -1 where it has no namespaces.
  int output_folder;
  enum mooring_confinement_step failed_step;
};

/// Starts a program as the leader of a session, and of a namespace of processes that ends with it, as
/// `mooring_spawn` does otherwise. In it `/inputs`, the readable files and a few devices are all there is, besides the
/// empty and writable `/output`, `/home` and `/tmp`, which are kept in memory. Returns 0 or an errno.
int mooring_spawn_confined(
    struct mooring_confined *started, const struct mooring_confinement *confinement, const char *path,
    char *const arguments[], char *const environment[], const int standard[3]);
