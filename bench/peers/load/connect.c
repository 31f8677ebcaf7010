/* A connection for each message: connect, send, have it echoed, close. Sources go round 127.0.1.1 to 127.0.1.250, so that ports in TIME_WAIT do not run out. */
#define _GNU_SOURCE
#include "load.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { BATCH = 512, OPEN_MAX = 4096, SOURCES = 250, BUFFER_SIZE = 64 * 1024 };

typedef struct {
    int fd;
    uint32_t sequence, sent, received;
    uint64_t index; /* Which of the run's it is. */
} Attempt;

static Attempt attempts[OPEN_MAX];
static Attempt *idle[OPEN_MAX];
static int idle_count;
static Options options;
static char *outgoing, *buffer;
static int poll_fd;
static uint32_t next_sequence;

static void flush(Attempt *a)
{
    message_stamp(outgoing, 0, a->sequence);
    while (a->sent < options.size) {
        ssize_t sent = send(a->fd, outgoing + a->sent, options.size - a->sent, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && (errno == EAGAIN || errno == ENOTCONN))
            return;
        if (sent < 0)
            fail_errno("send");
        a->sent += (uint32_t)sent;
    }
}

/* Over the loopback the connection is there when connect returns, so the message goes at once; else when the socket says so. */
static void begin(uint64_t index)
{
    Attempt *a = idle[--idle_count];
    *a = (Attempt){.fd = socket(options.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), .sequence = next_sequence++, .index = index};
    if (a->fd < 0)
        fail_errno("socket");
    if (options.address.ss_family == AF_INET) {
        int one = 1;
        struct sockaddr_in source = {.sin_family = AF_INET, .sin_addr.s_addr = htonl((INADDR_LOOPBACK & 0xFFFF0000) + 256 + 1 + a->sequence % SOURCES)};
        setsockopt(a->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
        if (bind(a->fd, (struct sockaddr *)&source, sizeof source) < 0)
            fail_errno("bind");
    }
    if (connect(a->fd, (struct sockaddr *)&options.address, options.address_length) < 0 && errno != EINPROGRESS)
        fail_errno("connect");
    flush(a);
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = a};
    if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, a->fd, &event) < 0)
        fail_errno("epoll_ctl");
}

/* Returns whether all has come back; the connection is closed then. */
static bool serve(Attempt *a)
{
    flush(a);
    while (a->received < options.size) {
        ssize_t count = recv(a->fd, buffer, BUFFER_SIZE, 0);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && (errno == EAGAIN || errno == ENOTCONN))
            return false;
        if (count < 0)
            fail_errno("recv");
        if (count == 0)
            fail("the server ended a connection before its answer");
        if (!message_matches(buffer, a->received, (uint32_t)count, options.size, 0, a->sequence))
            fail("an answer came back different");
        a->received += (uint32_t)count;
    }
    close(a->fd);
    idle[idle_count++] = a;
    return true;
}

static void run(Run *run)
{
    uint64_t total = run->rate > 0 ? (uint64_t)(run->seconds * run->rate) : UINT64_MAX, begun = 0;
    int64_t last_heard = run->start, time = run->start;
    struct epoll_event events[BATCH];
    while (begun < total || idle_count < OPEN_MAX) {
        if (run->rate == 0 && time >= run->end)
            total = begun;
        int free = run->rate > 0 ? idle_count : options.connections - (OPEN_MAX - idle_count);
        for (; begun < total && free > 0 && (run->rate == 0 || due_at(run, begun) <= time); begun++, free--) {
            if (run->rate > 0)
                histogram_add(&lateness, time - due_at(run, begun));
            begin(begun);
        }
        int count = epoll_wait(poll_fd, events, BATCH, 0);
        time = now();
        looked(count <= 0);
        if (count > 0 || idle_count == OPEN_MAX)
            last_heard = time;
        else if (time - last_heard > SILENCE_SECONDS_MAX * 1000000000LL)
            fail("no connection was answered for %d s", SILENCE_SECONDS_MAX);
        for (int i = 0; i < count; i++) {
            Attempt *a = events[i].data.ptr;
            if (!serve(a))
                continue;
            run->messages++;
            if (run->rate > 0)
                histogram_add(&latencies, now() - due_at(run, a->index));
        }
    }
}

static void open_all(const Options *given)
{
    options = *given;
    if (options.connections > OPEN_MAX)
        fail("at most %d connections at a time", OPEN_MAX);
    buffer = allocate(1, BUFFER_SIZE);
    outgoing = message_buffer(options.size, 1);
    poll_fd = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < OPEN_MAX; i++)
        idle[idle_count++] = &attempts[i];
    Run first = {.rate = 1000, .seconds = 0.001};
    first.start = now();
    run(&first);
}

const Workload connect_workload = {open_all, run};
