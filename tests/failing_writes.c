/* Loaded before the C library (LD_PRELOAD): the Nth change of a file below a folder fails.

   failing_arm(below, nth, error, on): changes of files whose path begins with `below` are counted
   over this process and those it forks; number `nth` sets errno to `error` (0: the process kills
   itself with SIGKILL instead), and with `on` every later one fails as well.  Where the disk is
   full, taking files away still works.  failing_count() is how many there were. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

struct state { long count, nth; int error, on; char below[PATH_MAX]; };
static struct state *shared;

void failing_arm(const char *below, long nth, int error, int on) {
    if (!shared)
        shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    shared->count = 0, shared->nth = nth, shared->error = error, shared->on = on;
    strncpy(shared->below, below, PATH_MAX - 1);
}

long failing_count(void) { return shared ? shared->count : 0; }

enum { GROWS, TAKES_AWAY };

static int fails(const char *path, int what) {
    if (!shared || !*shared->below || strncmp(path, shared->below, strlen(shared->below)))
        return 0;
    long now = __atomic_add_fetch(&shared->count, 1, __ATOMIC_SEQ_CST);
    if (now != shared->nth && !(shared->on && shared->nth && now > shared->nth))
        return 0;
    if (!shared->error)
        kill(getpid(), SIGKILL);
    if (shared->error == ENOSPC && what == TAKES_AWAY)
        return 0;
    errno = shared->error;
    return 1;
}

static int at(int folder, const char *path, int what) {
    char link[64], full[2 * PATH_MAX];
    if (!shared)
        return 0;
    if (path && *path == '/')
        return fails(path, what);
    snprintf(link, sizeof link, folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", folder);
    ssize_t size = readlink(link, full, PATH_MAX);
    if (size < 0)
        return 0;
    snprintf(full + size, PATH_MAX, "/%s", path ? path : "");
    return fails(full, what);
}

#define REAL(name) ((__typeof__(&name)) dlsym(RTLD_NEXT, #name))
#define BY_NUMBER(type, name, declared, given) \
    type name declared { if (at(fd, NULL, GROWS)) return -1; return REAL(name) given; }
#define BY_PATH(name, what, folder, path, declared, given) \
    int name declared { if (at(folder, path, what)) return -1; return REAL(name) given; }

BY_NUMBER(ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size))
BY_NUMBER(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t to), (fd, data, size, to))
BY_NUMBER(ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t to),
          (fd, data, size, to))
BY_NUMBER(ssize_t, writev, (int fd, const struct iovec *data, int count), (fd, data, count))
BY_NUMBER(int, ftruncate, (int fd, off_t size), (fd, size))
BY_NUMBER(int, ftruncate64, (int fd, off64_t size), (fd, size))
BY_NUMBER(int, fallocate, (int fd, int mode, off_t start, off_t size), (fd, mode, start, size))
BY_NUMBER(int, fallocate64, (int fd, int mode, off64_t start, off64_t size),
          (fd, mode, start, size))
BY_NUMBER(int, fsync, (int fd), (fd))
BY_NUMBER(int, fdatasync, (int fd), (fd))
BY_NUMBER(int, fchmod, (int fd, mode_t mode), (fd, mode))
BY_NUMBER(ssize_t, sendfile, (int fd, int from, off_t *start, size_t size), (fd, from, start, size))
BY_NUMBER(ssize_t, sendfile64, (int fd, int from, off64_t *start, size_t size),
          (fd, from, start, size))
BY_PATH(mkdir, GROWS, AT_FDCWD, path, (const char *path, mode_t mode), (path, mode))
BY_PATH(mkdirat, GROWS, fd, path, (int fd, const char *path, mode_t mode), (fd, path, mode))
BY_PATH(rename, GROWS, AT_FDCWD, to, (const char *from, const char *to), (from, to))
BY_PATH(renameat, GROWS, fd, to, (int old, const char *from, int fd, const char *to),
        (old, from, fd, to))
BY_PATH(link, GROWS, AT_FDCWD, to, (const char *from, const char *to), (from, to))
BY_PATH(linkat, GROWS, fd, to, (int old, const char *from, int fd, const char *to, int flags),
        (old, from, fd, to, flags))
BY_PATH(chmod, GROWS, AT_FDCWD, path, (const char *path, mode_t mode), (path, mode))
BY_PATH(fchmodat, GROWS, fd, path, (int fd, const char *path, mode_t mode, int flags),
        (fd, path, mode, flags))
BY_PATH(unlink, TAKES_AWAY, AT_FDCWD, path, (const char *path), (path))
BY_PATH(unlinkat, TAKES_AWAY, fd, path, (int fd, const char *path, int flags), (fd, path, flags))
BY_PATH(rmdir, TAKES_AWAY, AT_FDCWD, path, (const char *path), (path))

int renameat2(int old, const char *from, int fd, const char *to, unsigned int flags) {
    if (at(fd, to, GROWS))
        return -1;
    return REAL(renameat2)(old, from, fd, to, flags);
}

ssize_t copy_file_range(int from, off64_t *start, int fd, off64_t *to, size_t size,
                        unsigned int flags) {
    if (at(fd, NULL, GROWS))
        return -1;
    return REAL(copy_file_range)(from, start, fd, to, size, flags);
}

#define OPENS(name, folder, declared, ...) \
    int name declared { \
        mode_t mode = 0; \
        if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) { \
            va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); } \
        if (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC) && at(folder, path, GROWS)) return -1; \
        return REAL(name)(__VA_ARGS__, flags, mode); }

OPENS(open, AT_FDCWD, (const char *path, int flags, ...), path)
OPENS(open64, AT_FDCWD, (const char *path, int flags, ...), path)
OPENS(openat, fd, (int fd, const char *path, int flags, ...), fd, path)
OPENS(openat64, fd, (int fd, const char *path, int flags, ...), fd, path)
