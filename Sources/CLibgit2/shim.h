#pragma once
#include <git2.h>
#if __has_include(<git2/sys/errors.h>)
// Before 1.8 this was part of git2.h.
#include <git2/sys/errors.h>
#endif
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>

// Swift can't call a variadic function: each option that we set has its own shim.

static inline int mooring_git_set_search_path(int level, const char *path) {
  return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

static inline int mooring_git_set_owner_validation(int enabled) {
  return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, enabled);
}

static inline int mooring_git_set_fsync(int enabled) {
  return git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, enabled);
}

static inline int mooring_git_set_cache_size(ssize_t bytes) {
  return git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, bytes);
}

static inline int mooring_git_set_cached_size(git_object_t type, size_t bytes) {
  return git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, type, bytes);
}

static inline int mooring_git_set_window_size(size_t bytes) {
  return git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, bytes);
}

static inline int mooring_git_set_mapped_limit(size_t bytes) {
  return git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, bytes);
}

static inline int mooring_git_set_strict_hash_verification(int enabled) {
  return git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, enabled);
}

// A pack writer is a table of functions whose first argument is the table itself.

static inline int mooring_git_writepack_append(
    git_odb_writepack *writepack, const void *data, size_t size, git_indexer_progress *progress) {
  return writepack->append(writepack, data, size, progress);
}

static inline int mooring_git_writepack_commit(git_odb_writepack *writepack, git_indexer_progress *progress) {
  return writepack->commit(writepack, progress);
}

static inline void mooring_git_writepack_free(git_odb_writepack *writepack) {
  writepack->free(writepack);
}

static inline int mooring_git_set_packed_priority(int priority) {
  return git_libgit2_opts(GIT_OPT_SET_ODB_PACKED_PRIORITY, priority);
}

static inline int mooring_git_set_loose_priority(int priority) {
  return git_libgit2_opts(GIT_OPT_SET_ODB_LOOSE_PRIORITY, priority);
}
