/*
 * The load generator of bench/race: one thread on a core of its own, epoll, no library. It does not sleep while it runs, so no server pays for waking it, or
 * waits for it; the time in which it finds nothing to do is counted and is not work. With --rest 1 it sleeps (streams only), for when what it loads needs its core.
 *
 *     load stream|http|connect|datagram PORT|PATH [--connections N] [--size BYTES] [--window MESSAGES] [--idle N] [--rest 1]
 *
 * It connects, has a message echoed on every connection, and says "ready". Then, for each line on its standard input, it runs once and prints a line of JSON:
 *
 *     closed SECONDS        each connection has as many messages on their way as its window holds; a new one goes when one has come back
 *     open SECONDS RATE     so many messages a second, each at its time whether or not those before it have come back; latencies count from that time
 *
 * What comes back is compared with what went; a difference, an end or a long silence ends the program with a message.
 */
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum { SILENCE_SECONDS_MAX = 60 };

typedef struct {
    struct sockaddr_storage address;
    socklen_t address_length;
    int connections, idle;
    bool rests;
    uint32_t size, window;
} Options;

/* One run: what it was told, and what came of it. */
typedef struct {
    double seconds, rate; /* A rate of zero: closed. */
    int64_t start, end;   /* Nanoseconds of the monotonic clock. */
    uint64_t messages, lost;
} Run;

typedef struct {
    void (*open)(const Options *options);
    void (*run)(Run *run);
} Workload;

extern const Workload stream_workload, http_workload, connect_workload, datagram_workload;

/* Latencies of one run, and how late the generator itself was in sending. */
typedef struct {
    uint64_t counts[64 * 32];
    uint64_t total;
} Histogram;

extern Histogram latencies, lateness;

void histogram_clear(Histogram *histogram);
void histogram_add(Histogram *histogram, int64_t nanoseconds);
double histogram_microseconds(const Histogram *histogram, double share);

/* When message `index` of an open run is due, the first at its start. */
static inline int64_t due_at(const Run *run, uint64_t index)
{
    return run->start + (int64_t)((double)index * 1e9 / run->rate);
}

int64_t now(void);

/* Told of every look for something to do, and whether there was none. */
void looked(bool found_nothing);

_Noreturn void fail(const char *format, ...);
_Noreturn void fail_errno(const char *what);
void *allocate(size_t count, size_t size);

/* An echoed message: who sent it, which of his it is, and bytes that depend on nothing. */
enum { MESSAGE_SIZE_MIN = 8 };
char *message_buffer(uint32_t size, uint32_t count); /* So many messages, each yet without its stamp. */
void message_stamp(char *message, uint32_t sender, uint32_t sequence);
bool message_matches(const char *part, uint32_t offset, uint32_t length, uint32_t size, uint32_t sender, uint32_t sequence);
void message_pattern(uint32_t size);

#endif
