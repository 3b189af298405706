#pragma once
#include <fcntl.h>
#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

// libgit2 (seen in 1.5) never returns from reading a loose object whose file ends too early. This backend stands
// before the one for loose objects: it fails for such a file, and passes everything else on.

typedef struct {
  git_odb_backend parent;
  size_t folder_length;
  char path[];  // the objects folder, with room for "/xx/38 digits"
} mooring_loose_guard;

// 1 when the descriptor's content is one whole zlib stream, 0 when it is not.
static inline int mooring_git_is_whole_stream(int descriptor) {
  unsigned char input[8192], output[16384];
  z_stream stream;
  memset(&stream, 0, sizeof(stream));
  if (inflateInit(&stream) != Z_OK) return 0;
  int state = Z_OK;
  while (state == Z_OK) {
    if (stream.avail_in == 0) {
      ssize_t count = read(descriptor, input, sizeof(input));
      if (count <= 0) break;
      stream.next_in = input;
      stream.avail_in = (unsigned int)count;
    }
    stream.next_out = output;
    stream.avail_out = sizeof(output);
    state = inflate(&stream, Z_NO_FLUSH);
  }
  inflateEnd(&stream);
  return state == Z_STREAM_END;
}

static inline int mooring_loose_guard_check(git_odb_backend *backend, const git_oid *id) {
  mooring_loose_guard *guard = (mooring_loose_guard *)backend;
  char *end = guard->path + guard->folder_length;
  *end = '/';
  git_oid_pathfmt(end + 1, id);
  end[1 + GIT_OID_HEXSZ + 1] = '\0';
  int descriptor = open(guard->path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return GIT_PASSTHROUGH;
  int whole = mooring_git_is_whole_stream(descriptor);
  close(descriptor);
  if (whole) return GIT_PASSTHROUGH;
  git_error_set_str(GIT_ERROR_ODB, "the loose object's file is damaged");
  return GIT_ERROR;
}

static inline int mooring_loose_guard_read(
    void **data, size_t *size, git_object_t *type, git_odb_backend *backend, const git_oid *id) {
  (void)data, (void)size, (void)type;
  return mooring_loose_guard_check(backend, id);
}

static inline int mooring_loose_guard_read_header(
    size_t *size, git_object_t *type, git_odb_backend *backend, const git_oid *id) {
  (void)size, (void)type;
  return mooring_loose_guard_check(backend, id);
}

static inline int mooring_loose_guard_foreach(git_odb_backend *backend, git_odb_foreach_cb callback, void *payload) {
  (void)backend, (void)callback, (void)payload;
  return 0;
}

static inline void mooring_loose_guard_free(git_odb_backend *backend) { free(backend); }

// Puts the guard into a database between packs (priority above 2) and loose objects (priority below 2).
static inline int mooring_git_guard_loose_objects(git_odb *database, const char *folder) {
  size_t length = strlen(folder);
  mooring_loose_guard *guard = (mooring_loose_guard *)calloc(1, sizeof(*guard) + length + GIT_OID_HEXSZ + 3);
  if (!guard) return GIT_ERROR;
  int error = git_odb_init_backend(&guard->parent, GIT_ODB_BACKEND_VERSION);
  guard->parent.read = mooring_loose_guard_read;
  guard->parent.read_header = mooring_loose_guard_read_header;
  guard->parent.foreach = mooring_loose_guard_foreach;
  guard->parent.free = mooring_loose_guard_free;
  guard->folder_length = length;
  memcpy(guard->path, folder, length);
  if (!error) error = git_odb_add_backend(database, &guard->parent, 2);
  if (error) free(guard);
  return error;
}
