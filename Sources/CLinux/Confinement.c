#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Everything below runs in a child that was cloned from one of many threads: it calls the kernel and nothing that might
// allocate or lock. Its failures are told as a step and an errno, through a socket that closes when the program begins.

enum { PATH_ROOM = 4096, INODES_OF_OUR_OWN = 256 };

struct report {
  int step, code;
};

/// `root` and `path` joined, in `room`; fails with ENAMETOOLONG.
static int join(char room[PATH_ROOM], const char *root, const char *path) {
  size_t first = strlen(root), second = strlen(path);
  if (first + second >= PATH_ROOM) return errno = ENAMETOOLONG, -1;
  memcpy(room, root, first);
  memcpy(room + first, path, second + 1);
  return 0;
}

static int make_folder(const char *path) { return mkdir(path, 0755) == 0 || errno == EEXIST ? 0 : -1; }

/// Makes the folders above a path whose first `skip` bytes are there.
static int make_folders_above(char *path, size_t skip) {
  for (char *end = strchr(path + skip + 1, '/'); end; end = strchr(end + 1, '/')) {
    *end = 0;
    int failed = make_folder(path);
    *end = '/';
    if (failed) return -1;
  }
  return 0;
}

static int make_file(const char *path) {
  int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  return file < 0 ? -1 : close(file);
}

/// Shows `source` at `place` as well, without the right to write, and with these attributes besides.
static int show(const char *source, const char *place, unsigned long attributes) {
  if (mount(source, place, NULL, MS_BIND | MS_REC, NULL) != 0) return -1;
  struct mount_attr read_only = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | attributes};
  return mount_setattr(AT_FDCWD, place, AT_RECURSIVE, &read_only, sizeof read_only);
}

static int show_readable(const char *root, const char *path) {
  char place[PATH_ROOM], target[PATH_ROOM];
  struct stat status;
  if (lstat(path, &status) != 0) return 0;
  if (join(place, root, path) != 0 || make_folders_above(place, strlen(root)) != 0) return -1;
  if (S_ISLNK(status.st_mode)) {
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length < 0) return -1;
    target[length] = 0;
    return symlink(target, place) == 0 || errno == EEXIST ? 0 : -1;
  }
  if ((S_ISDIR(status.st_mode) ? make_folder(place) : make_file(place)) != 0) return -1;
  return show(path, place, MOUNT_ATTR_NODEV);
}

static int make_root(const struct mooring_confinement *confinement) {
  char options[128];
  // Nothing that is mounted here is seen outside.
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return -1;
  snprintf(
      options, sizeof options, "mode=0755,size=%lu,nr_inodes=%lu", confinement->storage,
      confinement->files + INODES_OF_OUR_OWN);
  return mount("none", confinement->root, "tmpfs", MS_NOSUID | MS_NODEV, options);
}

static int make_devices(const char *root) {
  static const char *const names[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};
  char place[PATH_ROOM];
  if (join(place, root, "/dev") != 0 || make_folder(place) != 0) return -1;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (join(place, root, names[i]) != 0 || make_file(place) != 0) return -1;
    if (mount(names[i], place, NULL, MS_BIND, NULL) != 0) return -1;
  }
  if (join(place, root, "/dev/fd") != 0 || symlink("/proc/self/fd", place) != 0) return -1;
  // Programs can do without, and within containers it may not be allowed.
  if (join(place, root, "/proc") != 0 || make_folder(place) != 0) return -1;
  mount("proc", place, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
  return 0;
}

static int make_writable(const struct mooring_confinement *confinement) {
  static const char *const names[] = {"/output", "/home", "/tmp"};
  char place[PATH_ROOM];
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (join(place, confinement->root, names[i]) != 0 || make_folder(place) != 0) return -1;
    if (confinement->user && chown(place, confinement->user, confinement->user) != 0) return -1;
  }
  return 0;
}

/// In a namespace of users we stay who we are.
static int write_map(const char *file, unsigned int id) {
  char text[64];
  int length = snprintf(text, sizeof text, "%u %u 1", id, id);
  int map = open(file, O_WRONLY | O_CLOEXEC);
  if (map < 0) return -1;
  ssize_t written = write(map, text, length);
  return close(map) != 0 || written != length ? -1 : 0;
}

static int map_users(unsigned int user, unsigned int group) {
  // Of a process that changed its user the maps are root's until then.
  if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0) return -1;
  int groups = open("/proc/self/setgroups", O_WRONLY | O_CLOEXEC);
  if (groups >= 0) {
    ssize_t written = write(groups, "deny", 4);
    if (close(groups) != 0 || written != 4) return -1;
  }
  return write_map("/proc/self/uid_map", user) != 0 ? -1 : write_map("/proc/self/gid_map", group);
}

static int enter_root(const struct mooring_confinement *confinement) {
  if (chdir(confinement->root) != 0 || syscall(SYS_pivot_root, ".", ".") != 0) return -1;
  if (umount2(".", MNT_DETACH) != 0) return -1;
  return chdir("/inputs");
}

static int limit(int resource, unsigned long value) {
  struct rlimit limits = {.rlim_cur = value, .rlim_max = value};
  return setrlimit(resource, &limits);
}

static int set_limits(const struct mooring_confinement *confinement) {
  if (limit(RLIMIT_CORE, 0) || limit(RLIMIT_FSIZE, confinement->file_size)) return -1;
  if (limit(RLIMIT_DATA, confinement->memory) || limit(RLIMIT_NOFILE, 1024)) return -1;
  if (limit(RLIMIT_CPU, confinement->processor_time)) return -1;
  // Counted for each user, and in a namespace of users for that alone; without either the machine's others count too.
  return confinement->has_namespaces ? limit(RLIMIT_NPROC, confinement->processes) : 0;
}

/// What the program can't get back by being root of a namespace either. Fails where there are none to give up.
static int give_up_capabilities(void) {
  for (int capability = 0; capability < 64; capability++)
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) return errno == EINVAL && capability > 0 ? 0 : -1;
  return 0;
}

/// By the kernel's own calls: the C library's would ask the threads that this child doesn't have to follow.
static int become(unsigned int user) {
  if (user) {
    if (syscall(SYS_setgroups, 0, NULL) || syscall(SYS_setresgid, user, user, user)) return -1;
    if (syscall(SYS_setresuid, user, user, user)) return -1;
  }
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/// Takes the program's three, puts the socket behind them, and closes all others: at once, since a file that we hold open
/// to write by chance is one that nobody can execute. Returns the socket.
static int take_descriptors(const int standard[3], int socket) {
  enum { BEHIND = 3, OUT_OF_THE_WAY = 64 };
  // One of them may be where another has to go.
  socket = fcntl(socket, F_DUPFD_CLOEXEC, OUT_OF_THE_WAY);
  if (socket < 0) return -1;
  for (int i = 0; i < 3; i++)
    if (dup2(standard[i], i) < 0) return -1;
  if (dup3(socket, BEHIND, O_CLOEXEC) < 0) return -1;
  return close_range(BEHIND + 1, ~0U, 0) != 0 ? -1 : BEHIND;
}

/// Also where the file is still open to write in a child of ours that is only beginning.
static void execute(const char *path, char *const arguments[], char *const environment[]) {
  struct timespec moment = {.tv_nsec = 1000 * 1000};
  for (int tries = 0; tries < 500; tries++) {
    execve(path, arguments, environment);
    if (errno != ETXTBSY) return;
    nanosleep(&moment, NULL);
  }
}

static void reset_signals(void) {
  sigset_t none;
  struct sigaction usual = {.sa_handler = SIG_DFL};
  for (int number = 1; number < 65; number++) sigaction(number, &usual, NULL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/// Sends a report, with a descriptor where there is one.
static int tell(int socket, struct report report, int descriptor) {
  char control[CMSG_SPACE(sizeof(int))] = {0};
  struct iovec part = {.iov_base = &report, .iov_len = sizeof report};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (descriptor >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    *header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
  }
  return sendmsg(socket, &message, MSG_NOSIGNAL) == sizeof report ? 0 : -1;
}

/// Receives a report, and a descriptor where one comes along; 0 when the socket was closed by the program's beginning.
static int hear(int socket, struct report *report, int *descriptor) {
  char control[CMSG_SPACE(sizeof(int))] = {0};
  struct iovec part = {.iov_base = report, .iov_len = sizeof *report};
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  ssize_t size;
  do size = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  while (size < 0 && errno == EINTR);
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (size > 0 && header && header->cmsg_type == SCM_RIGHTS) memcpy(descriptor, CMSG_DATA(header), sizeof *descriptor);
  return size == sizeof *report;
}

static enum mooring_confinement_step enter_namespaces(const struct mooring_confinement *confinement) {
  char place[PATH_ROOM];
  if (make_root(confinement) != 0) return MOORING_ROOT;
  for (const char *const *path = confinement->readable; *path; path++)
    if (show_readable(confinement->root, *path) != 0) return MOORING_READABLE;
  if (join(place, confinement->root, "/inputs") != 0 || make_folder(place) != 0) return MOORING_INPUTS;
  if (show(confinement->inputs, place, MOUNT_ATTR_NODEV) != 0) return MOORING_INPUTS;
  if (make_devices(confinement->root) != 0 || make_writable(confinement) != 0) return MOORING_DEVICES;
  return enter_root(confinement) != 0 ? MOORING_PIVOT : MOORING_STARTED;
}

/// Becomes the program; returns the step that failed, which is told through the socket, wherever that is by then.
static enum mooring_confinement_step begin(
    const struct mooring_confinement *confinement, unsigned int user, unsigned int group, int *socket, const char *path,
    char *const arguments[], char *const environment[], const int standard[3]) {
  int output = -1;
  int moved = take_descriptors(standard, *socket);
  if (moved < 0) return MOORING_DESCRIPTORS;
  *socket = moved;
  setsid();
  umask(022);
  reset_signals();
  if (confinement->has_namespaces) {
    if (!confinement->user && map_users(user, group) != 0) return MOORING_USERS;
    enum mooring_confinement_step failed = enter_namespaces(confinement);
    if (failed != MOORING_STARTED) return failed;
    output = open("/output", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (output < 0) return MOORING_PIVOT;
  } else if (chdir(confinement->inputs) != 0) {
    return MOORING_INPUTS;
  }
  if (set_limits(confinement) != 0) return MOORING_LIMITS;
  if (confinement->has_namespaces && give_up_capabilities() != 0) return MOORING_IDENTITY;
  if (become(confinement->has_namespaces ? confinement->user : 0) != 0) return MOORING_IDENTITY;
  if (tell(*socket, (struct report){MOORING_STARTED, 0}, output) != 0) return MOORING_DESCRIPTORS;
  execute(path, arguments, environment);
  return MOORING_EXECUTE;
}

static int clone_child(const struct mooring_confinement *confinement, int *process_descriptor) {
  unsigned long flags = CLONE_PIDFD | SIGCHLD;
  if (confinement->has_namespaces) flags |= CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;
  if (confinement->has_namespaces && !confinement->shares_network) flags |= CLONE_NEWNET;
  if (confinement->has_namespaces && !confinement->user) flags |= CLONE_NEWUSER;
#ifdef __s390__
  return (int)syscall(SYS_clone, NULL, flags, process_descriptor, NULL, 0);
#else
  return (int)syscall(SYS_clone, flags, NULL, process_descriptor, NULL, 0);
#endif
}

/// Waits until the child has become the program, or has failed to.
static int await_beginning(int socket, struct mooring_confined *started) {
  struct report report = {MOORING_DESCRIPTORS, EPIPE};
  int told = hear(socket, &report, &started->output_folder);
  // A second report says that the program itself couldn't be executed.
  if (told && report.step == MOORING_STARTED && !hear(socket, &report, &started->output_folder)) return 0;
  started->failed_step = report.step;
  return report.code ? report.code : EPIPE;
}

int mooring_spawn_confined(
    struct mooring_confined *started, const struct mooring_confinement *confinement, const char *path,
    char *const arguments[], char *const environment[], const int standard[3]) {
  *started = (struct mooring_confined){-1, -1, -1, MOORING_CLONE};
  int ends[2];
  unsigned int user = geteuid(), group = getegid();
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return errno;
  started->process = clone_child(confinement, &started->process_descriptor);
  int code = errno;
  if (started->process == 0) {
    close(ends[0]);
    int step = begin(confinement, user, group, &ends[1], path, arguments, environment, standard);
    tell(ends[1], (struct report){step, errno}, -1);
    _exit(127);
  }
  close(ends[1]);
  code = started->process < 0 ? code : await_beginning(ends[0], started);
  close(ends[0]);
  if (code == 0) return started->failed_step = MOORING_STARTED, 0;
  if (started->process > 0) {
    close(started->process_descriptor);
    while (waitpid(started->process, NULL, 0) < 0 && errno == EINTR) {}
  }
  if (started->output_folder >= 0) close(started->output_folder);
  return code;
}
