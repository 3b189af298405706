#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <linux/openat2.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

int mooring_syncfs(int descriptor) { return syncfs(descriptor); }

int mooring_exchange(int folder, const char *one, const char *other) {
  return renameat2(folder, one, folder, other, RENAME_EXCHANGE);
}

void mooring_give_memory_back(void) { malloc_trim(0); }

void mooring_keep_memory_small(void) {
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  mallopt(M_ARENA_MAX, 4);
}

int mooring_spawn(
    int *process, const char *path, char *const arguments[], char *const environment[], const char *directory, int input,
    int output, int errors) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  int code = posix_spawn_file_actions_init(&actions);
  if (code != 0) return code;
  code = posix_spawnattr_init(&attributes);
  if (code == 0) code = posix_spawn_file_actions_adddup2(&actions, input, 0);
  if (code == 0) code = posix_spawn_file_actions_adddup2(&actions, output, 1);
  if (code == 0) code = posix_spawn_file_actions_adddup2(&actions, errors, 2);
  if (code == 0) code = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  if (code == 0 && directory) code = posix_spawn_file_actions_addchdir_np(&actions, directory);
  if (code == 0) code = posix_spawnattr_setsigmask(&attributes, &none);
  if (code == 0) code = posix_spawnattr_setsigdefault(&attributes, &all);
  if (code == 0) {
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID;
    code = posix_spawnattr_setflags(&attributes, flags);
  }
  if (code == 0) code = posix_spawn(process, path, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

int mooring_rename_new(int folder, const char *name, const char *new_name) {
  return renameat2(folder, name, folder, new_name, RENAME_NOREPLACE);
}

int mooring_exchange_between(int folder, const char *one, int other_folder, const char *other) {
  return renameat2(folder, one, other_folder, other, RENAME_EXCHANGE);
}

int mooring_move_new(int folder, const char *name, int new_folder, const char *new_name) {
  return renameat2(folder, name, new_folder, new_name, RENAME_NOREPLACE);
}

int mooring_open_beneath(int folder, const char *path, int flags) {
#ifdef SYS_openat2
  struct open_how how = {
      .flags = (unsigned int)flags, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
  return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
#else
  errno = ENOSYS;
  return -1;
#endif
}

int mooring_inotify(void) { return inotify_init1(IN_NONBLOCK | IN_CLOEXEC); }

int mooring_inotify_watch(int notices, int folder, int names_only) {
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", folder);
  uint32_t names = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;
  uint32_t contents = names_only ? 0 : IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB;
  // A folder may be on the way to the root and in it too, by a bind mount: then it keeps being watched for more.
  uint32_t more = names_only ? IN_MASK_ADD : 0;
  return inotify_add_watch(notices, path, names | contents | more | IN_EXCL_UNLINK | IN_ONLYDIR);
}

int mooring_inotify_forget(int notices, int watch) { return inotify_rm_watch(notices, watch); }

int mooring_inotify_next(const void *buffer, unsigned long size, unsigned long *offset, struct mooring_notice *notice) {
  struct inotify_event event;
  if (*offset + sizeof event > size) return 0;
  const char *start = (const char *)buffer + *offset;
  memcpy(&event, start, sizeof event);
  *offset += sizeof event + event.len;
  unsigned int what = 0;
  if (event.mask & (IN_CREATE | IN_MOVED_TO)) what |= MOORING_APPEARED;
  if (event.mask & (IN_DELETE | IN_MOVED_FROM)) what |= MOORING_VANISHED;
  if (event.mask & (IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB)) what |= MOORING_CHANGED;
  if (event.mask & IN_ISDIR) what |= MOORING_FOLDER;
  if (event.mask & IN_Q_OVERFLOW) what |= MOORING_LOST;
  if (event.mask & (IN_IGNORED | IN_UNMOUNT)) what |= MOORING_UNWATCHED;
  *notice = (struct mooring_notice){.what = what, .watch = event.wd, .pidfd = -2};
  if (event.len) notice->name = start + sizeof event;
  return 1;
}

int mooring_fanotify(int with_pidfds) {
  unsigned int flags = FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_MARKS | FAN_REPORT_DIR_FID | FAN_REPORT_NAME;
  if (with_pidfds) flags |= FAN_REPORT_PIDFD;
  return fanotify_init(flags, O_RDONLY | O_CLOEXEC);
}

static const uint64_t name_events = FAN_CREATE | FAN_DELETE | FAN_MOVED_FROM | FAN_MOVED_TO | FAN_ONDIR;
static const uint64_t content_events = FAN_MODIFY | FAN_CLOSE_WRITE | FAN_ATTRIB | FAN_EVENT_ON_CHILD;

int mooring_fanotify_watch(int notices, int folder, int names_only) {
  uint64_t events = name_events | (names_only ? 0 : content_events);
  return fanotify_mark(notices, FAN_MARK_ADD | FAN_MARK_ONLYDIR, events, folder, NULL);
}

int mooring_fanotify_forget(int notices, int near, const unsigned char *identity, int size) {
  struct {
    struct file_handle handle;
    unsigned char bytes[MAX_HANDLE_SZ];
  } file;
  size -= sizeof(fsid_t);
  if (size < (int)sizeof file.handle || size > (int)sizeof file) return errno = EINVAL, -1;
  memcpy(&file, identity + sizeof(fsid_t), size);
  struct statfs system;
  if (fstatfs(near, &system) != 0) return -1;
  // Another file system's handle may be of one of its folders too.
  if (memcmp(&system.f_fsid, identity, sizeof(fsid_t)) != 0) return errno = EXDEV, -1;
  int folder = open_by_handle_at(near, &file.handle, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return -1;
  int result = fanotify_mark(notices, FAN_MARK_REMOVE | FAN_MARK_ONLYDIR, name_events | content_events, folder, NULL);
  int code = errno;
  close(folder);
  errno = code;
  return result;
}

/// Reads the name and the pidfd that follow an event.
static void read_information(const char *start, const char *end, struct mooring_notice *notice) {
  struct fanotify_event_info_header header;
  for (; start + sizeof header <= end; start += header.len) {
    memcpy(&header, start, sizeof header);
    if (header.len < sizeof header || start + header.len > end) return;
    if (header.info_type == FAN_EVENT_INFO_TYPE_PIDFD) {
      struct fanotify_event_info_pidfd information;
      memcpy(&information, start, sizeof information);
      notice->pidfd = information.pidfd;
    } else if (
        header.info_type == FAN_EVENT_INFO_TYPE_DFID_NAME || header.info_type == FAN_EVENT_INFO_TYPE_DFID) {
      const unsigned char *identity = (const unsigned char *)start + sizeof header;
      struct file_handle handle;
      memcpy(&handle, identity + sizeof(fsid_t), sizeof handle);
      notice->folder = identity;
      notice->folder_size = sizeof(fsid_t) + sizeof handle + handle.handle_bytes;
      if (header.info_type == FAN_EVENT_INFO_TYPE_DFID_NAME) notice->name = (const char *)identity + notice->folder_size;
    }
  }
}

int mooring_fanotify_next(const void *buffer, unsigned long size, unsigned long *offset, struct mooring_notice *notice) {
  struct fanotify_event_metadata event;
  if (*offset + sizeof event > size) return 0;
  const char *start = (const char *)buffer + *offset;
  memcpy(&event, start, sizeof event);
  if (event.event_len < sizeof event || *offset + event.event_len > size) return 0;
  *offset += event.event_len;
  unsigned int what = 0;
  if (event.mask & (FAN_CREATE | FAN_MOVED_TO)) what |= MOORING_APPEARED;
  if (event.mask & (FAN_DELETE | FAN_MOVED_FROM)) what |= MOORING_VANISHED;
  if (event.mask & (FAN_MODIFY | FAN_CLOSE_WRITE | FAN_ATTRIB)) what |= MOORING_CHANGED;
  if (event.mask & FAN_ONDIR) what |= MOORING_FOLDER;
  if (event.mask & FAN_Q_OVERFLOW) what |= MOORING_LOST;
  *notice = (struct mooring_notice){.what = what, .watch = -1, .process = event.pid, .pidfd = -2};
  read_information(start + event.metadata_len, start + event.event_len, notice);
  if (notice->name && strcmp(notice->name, ".") == 0) notice->name = NULL;
  return 1;
}

int mooring_folder_identity(int folder, unsigned char *identity) {
  struct {
    struct file_handle handle;
    unsigned char bytes[MAX_HANDLE_SZ];
  } file = {.handle = {.handle_bytes = MAX_HANDLE_SZ}};
  struct statfs system;
  int mount;
  if (fstatfs(folder, &system) != 0) return -1;
  if (name_to_handle_at(folder, "", &file.handle, &mount, AT_EMPTY_PATH) != 0) {
    // AT_HANDLE_FID of Linux 6.5: for file systems whose handles can be compared, and not opened.
    file.handle.handle_bytes = MAX_HANDLE_SZ;
    if (errno != EOPNOTSUPP || name_to_handle_at(folder, "", &file.handle, &mount, AT_EMPTY_PATH | 0x200) != 0) return -1;
  }
  memcpy(identity, &system.f_fsid, sizeof(fsid_t));
  memcpy(identity + sizeof(fsid_t), &file, sizeof file.handle + file.handle.handle_bytes);
  return sizeof(fsid_t) + sizeof file.handle + file.handle.handle_bytes;
}

int mooring_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

int mooring_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

int mooring_is_process(int pidfd) { return syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0) == 0 || errno != ESRCH; }

int mooring_process_events(void) {
  int events = socket(PF_NETLINK, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_CONNECTOR);
  if (events < 0) return -1;
  int room = 1 << 20;
  // Without the right to more room there is the usual one, and more is lost, which is told.
  setsockopt(events, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
  struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC};
  const enum proc_cn_mcast_op listen = PROC_CN_MCAST_LISTEN;
  const struct cn_msg message = {.id = {.idx = CN_IDX_PROC, .val = CN_VAL_PROC}, .len = sizeof listen};
  char request[NLMSG_SPACE(sizeof message + sizeof listen)] = {0};
  const struct nlmsghdr header = {.nlmsg_len = NLMSG_LENGTH(sizeof message + sizeof listen), .nlmsg_type = NLMSG_DONE};
  memcpy(request, &header, sizeof header);
  memcpy(request + NLMSG_HDRLEN, &message, sizeof message);
  memcpy(request + NLMSG_HDRLEN + sizeof message, &listen, sizeof listen);
  if (bind(events, (struct sockaddr *)&address, sizeof address) == 0 && send(events, request, header.nlmsg_len, 0) > 0)
    return events;
  int code = errno;
  close(events);
  errno = code;
  return -1;
}

int mooring_process_event(int events, struct mooring_process_event *event) {
  struct __attribute__((aligned(NLMSG_ALIGNTO))) {
    char bytes[512];
  } buffer;
  struct sockaddr_nl sender;
  socklen_t sender_size = sizeof sender;
  *event = (struct mooring_process_event){.what = MOORING_PROCESS_OTHER};
  ssize_t size = recvfrom(events, &buffer, sizeof buffer, 0, (struct sockaddr *)&sender, &sender_size);
  if (size < 0) return -1;
  // Anybody may send to a socket of netlink; the kernel's number is 0.
  if (sender_size < sizeof sender || sender.nl_pid != 0) return 0;
  const size_t start = NLMSG_HDRLEN + sizeof(struct cn_msg);
  struct proc_event raw = {0};
  if ((size_t)size <= start + offsetof(struct proc_event, event_data)) return 0;
  memcpy(&raw, buffer.bytes + start, (size_t)size - start < sizeof raw ? (size_t)size - start : sizeof raw);
  switch (raw.what) {
    case PROC_EVENT_FORK:
      if (raw.event_data.fork.child_pid != raw.event_data.fork.child_tgid) return 0;
      *event = (struct mooring_process_event){
          MOORING_PROCESS_FORKED, raw.event_data.fork.child_tgid, raw.event_data.fork.parent_tgid};
      return 0;
    case PROC_EVENT_EXEC:
      *event = (struct mooring_process_event){MOORING_PROCESS_BECAME, raw.event_data.exec.process_tgid, 0};
      return 0;
    case PROC_EVENT_UID:
      *event = (struct mooring_process_event){MOORING_PROCESS_BECAME, raw.event_data.id.process_tgid, 0};
      return 0;
    case PROC_EVENT_EXIT:
      if (raw.event_data.exit.process_pid != raw.event_data.exit.process_tgid) return 0;
      *event = (struct mooring_process_event){MOORING_PROCESS_ENDED, raw.event_data.exit.process_tgid, 0};
      return 0;
    default: return 0;
  }
}

void mooring_begin_thread(const char *name, int is_urgent) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, NULL);
  pthread_setname_np(pthread_self(), name);
  if (!is_urgent) return;
  struct sched_param first = {.sched_priority = 1};
  // Linux keeps a share of each processor for others (sched_rt_runtime_us).
  if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first) != 0)
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), -20);
}
