/* Counts what is asked of the disk, and can make it as slow as a field laptop's.
   Loaded before libc with LD_PRELOAD; see syncs.py. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

static atomic_ulong counted;
static atomic_int delay_ms;
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

__attribute__((constructor)) static void begin(void) {
    const char *told = getenv("STEPDESK_SYNC_MS");
    real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    atomic_store(&delay_ms, told ? atoi(told) : 0);
}

static void count_and_wait(void) {
    int ms = atomic_load(&delay_ms);
    atomic_fetch_add(&counted, 1);
    if (ms > 0) {
        struct timespec left = {ms / 1000, (ms % 1000) * 1000000L};
        while (nanosleep(&left, &left) != 0) {
        }
    }
}

int fsync(int file) {
    count_and_wait();
    return real_fsync(file);
}

int fdatasync(int file) {
    count_and_wait();
    return real_fdatasync(file);
}

unsigned long stepdesk_syncs(void) { return atomic_load(&counted); }

void stepdesk_sync_ms(int ms) { atomic_store(&delay_ms, ms); }
