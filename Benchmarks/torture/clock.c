// A clock on the wall that runs backwards: every look at it is a second before the last one.  For LD_PRELOAD.
#define _GNU_SOURCE
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static atomic_long looks;

int clock_gettime(clockid_t clock, struct timespec *time) {
    int status = (int)syscall(SYS_clock_gettime, clock, time);
    // It begins two hours ahead, so that whoever waits for a time on the wall waits for long.
    if (status == 0 && clock == CLOCK_REALTIME) time->tv_sec += 7200 - atomic_fetch_add(&looks, 1);
    return status;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    (void)zone;
    struct timespec now;
    int status = clock_gettime(CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return status;
}
