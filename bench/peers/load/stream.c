/* Messages on connections that stay: ping-pong, pipelined, and requests of HTTP. */
#define _GNU_SOURCE
#include "load.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 512, BUFFER_SIZE = 256 * 1024, SKIM_SIZE_MIN = 4096, SKIM_ALL_BUT = 8, REST_MAX = 100 * 1000 * 1000 };

/* Positions in its two streams of bytes: what is sent, what shall be, and what has come back. */
typedef struct {
    int fd;
    uint64_t sent, due, received;
} Connection;

static const char http_request[] = "GET /plaintext HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/plain\r\n\r\n";
static const char http_begin[] = "HTTP/1.1 200 OK\r\n", http_end[] = "Hello, World!";

static Connection *connections;
static Options options;
static char *outgoing, *buffer;
static uint32_t request_size, response_size;
static bool is_http, can_skim;
static int poll_fd;
static uint64_t *first_of_run; /* Of each connection: how many messages it had sent before this run. */

static int connect_one(void)
{
    int fd = socket(options.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
    struct timeval silence_max = {.tv_sec = SILENCE_SECONDS_MAX}; /* Of what waits: the first message. */
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &silence_max, sizeof silence_max) < 0)
        fail_errno("socket");
    if (connect(fd, (struct sockaddr *)&options.address, options.address_length) < 0)
        fail_errno("connect");
    /* The cheapest congestion control; a default of BBR would pace, with a timer for what it holds back. Unix sockets refuse both, and need neither. */
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "reno", sizeof "reno" - 1);
    return fd;
}

/* Sends what is due and fits; the rest goes when the socket has room again. */
static void flush(Connection *c)
{
    while (c->sent < c->due) {
        uint64_t first = c->sent / request_size;
        uint32_t offset = (uint32_t)(c->sent % request_size), count = 0;
        for (; count < options.window && (first + count) * request_size < c->due; count++) {
            if (!is_http)
                message_stamp(outgoing + (size_t)count * request_size, (uint32_t)(c - connections), (uint32_t)(first + count));
        }
        ssize_t sent = send(c->fd, outgoing + offset, (size_t)count * request_size - offset, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && errno == EAGAIN)
            return;
        if (sent < 0)
            fail_errno("send");
        c->sent += (uint64_t)sent;
    }
}

static void check(const Connection *c, const char *part, uint32_t offset, uint32_t length, uint64_t message)
{
    bool matches = is_http
        ? (offset > 0 || length < sizeof http_begin - 1 || memcmp(part, http_begin, sizeof http_begin - 1) == 0)
            && (offset + length < response_size || length < sizeof http_end - 1 || memcmp(part + length - (sizeof http_end - 1), http_end, sizeof http_end - 1) == 0)
        : message_matches(part, offset, length, response_size, (uint32_t)(c - connections), (uint32_t)message);
    if (!matches)
        fail("connection %d: message %llu came back different", (int)(c - connections), (unsigned long long)message);
}

/* Takes note of what came. Returns how many messages it completed. */
static uint64_t take(Connection *c, const char *bytes, size_t length, bool skimmed)
{
    uint64_t before = c->received / response_size, end = c->received + length;
    if (end > c->due / request_size * response_size)
        fail("connection %d: more came back than went", (int)(c - connections));
    while (!skimmed && length > 0) {
        uint32_t offset = (uint32_t)(c->received % response_size), rest = response_size - offset, part = length < rest ? (uint32_t)length : rest;
        check(c, bytes, offset, part, c->received / response_size);
        c->received += part;
        bytes += part;
        length -= part;
    }
    c->received = end;
    return c->received / response_size - before;
}

/*
 * Receives once. Of long messages on TCP all but every eighth are counted and not copied (MSG_TRUNC), so that the generator is not the slower side;
 * each message's stamp and every byte of the eighth tell whether one was lost, doubled or mixed up.
 */
static ssize_t receive(Connection *c, uint64_t *completed)
{
    uint64_t message = c->received / response_size;
    uint32_t offset = (uint32_t)(c->received % response_size);
    bool skim = can_skim && message % SKIM_ALL_BUT != 0;
    ssize_t count = recv(c->fd, buffer, skim ? response_size - offset : BUFFER_SIZE, MSG_DONTWAIT | (skim ? MSG_TRUNC : 0));
    if (count == 0)
        fail("connection %d: the server ended it", (int)(c - connections));
    if (count < 0 && errno != EAGAIN && errno != EINTR)
        fail_errno("recv");
    if (count > 0)
        *completed = take(c, buffer, (size_t)count, skim);
    return count;
}

static void send_more(Connection *c, uint64_t messages)
{
    c->due += messages * request_size;
    flush(c);
}

static bool is_answered(const Connection *c)
{
    return c->received / response_size == c->due / request_size;
}

static void note_latencies(const Run *run, const Connection *c, uint64_t completed, int64_t time)
{
    uint64_t last = c->received / response_size - first_of_run[c - connections];
    for (uint64_t i = last - completed; i < last; i++)
        histogram_add(&latencies, time - due_at(run, i * (uint64_t)options.connections + (uint64_t)(c - connections)));
}

/* Until the network has no more, which nobody need ask when all has come. */
static void serve(Connection *c, Run *run, bool more, int64_t time)
{
    flush(c);
    while (!is_answered(c)) {
        uint64_t completed = 0;
        ssize_t count = receive(c, &completed);
        if (count < 0)
            return;
        run->messages += completed;
        if (run->rate > 0)
            note_latencies(run, c, completed, time);
        else if (more && completed > 0)
            send_more(c, completed);
        if (!can_skim && count < BUFFER_SIZE)
            return;
    }
}

static bool all_answered(void)
{
    for (int i = 0; i < options.connections; i++) {
        if (!is_answered(&connections[i]))
            return false;
    }
    return true;
}

static int look(struct epoll_event *events, int64_t rest)
{
    if (options.rests && rest > 0) {
        struct timespec time = {.tv_sec = rest / 1000000000, .tv_nsec = rest % 1000000000};
        return epoll_pwait2(poll_fd, events, BATCH, &time, NULL);
    }
    int count = epoll_wait(poll_fd, events, BATCH, 0);
    looked(count <= 0);
    return count;
}

static void serve_ready(Run *run, bool more, int64_t rest, int64_t *last_heard)
{
    struct epoll_event events[BATCH];
    int count = look(events, rest);
    int64_t time = now();
    if (count > 0)
        *last_heard = time;
    else if (time - *last_heard > SILENCE_SECONDS_MAX * 1000000000LL && !all_answered())
        fail("nothing came back for %d s", SILENCE_SECONDS_MAX);
    for (int i = 0; i < count; i++) {
        /* The time of this one's turn, not of the batch. */
        serve(events[i].data.ptr, run, more, run->rate > 0 && i > 0 ? now() : time);
    }
}

static void run_closed(Run *run)
{
    int64_t last_heard = run->start;
    for (int i = 0; i < options.connections; i++)
        send_more(&connections[i], options.window);
    for (bool more = true; more || !all_answered(); more = more && now() < run->end)
        serve_ready(run, more, REST_MAX, &last_heard);
}

static void run_open(Run *run)
{
    uint64_t total = (uint64_t)(run->seconds * run->rate), next = 0;
    int64_t last_heard = run->start;
    for (int i = 0; i < options.connections; i++)
        first_of_run[i] = connections[i].due / request_size;
    while (next < total || !all_answered()) {
        int64_t time = now();
        for (; next < total && due_at(run, next) <= time; next++) {
            histogram_add(&lateness, time - due_at(run, next));
            send_more(&connections[next % (uint64_t)options.connections], 1);
        }
        serve_ready(run, true, next < total ? due_at(run, next) - now() : REST_MAX, &last_heard);
    }
}

static void run(Run *run)
{
    if (run->rate > 0)
        run_open(run);
    else
        run_closed(run);
}

/* The length of a response, learned from the first: its head, and as much as Content-Length says. */
static uint32_t learn_response_size(int fd)
{
    if (send(fd, http_request, sizeof http_request - 1, MSG_NOSIGNAL) < 0)
        fail_errno("send");
    for (size_t have = 0; have < BUFFER_SIZE - 1;) {
        ssize_t count = recv(fd, buffer + have, BUFFER_SIZE - 1 - have, 0);
        if (count <= 0)
            fail("the server did not answer a request of HTTP");
        have += (size_t)count;
        buffer[have] = 0;
        const char *body = strstr(buffer, "\r\n\r\n"), *length = strcasestr(buffer, "\r\nContent-Length:");
        if (body == NULL)
            continue;
        if (length == NULL || length > body)
            fail("the server's response has no Content-Length");
        uint32_t size = (uint32_t)(body + 4 - buffer) + (uint32_t)atoi(length + sizeof "\r\nContent-Length:" - 1);
        if (have >= size)
            return size;
    }
    fail("the server's response does not end");
}

/* One message there and back, with every byte compared. */
static void greet(Connection *c)
{
    c->due += request_size;
    flush(c);
    while (!is_answered(c)) {
        ssize_t count = recv(c->fd, buffer, BUFFER_SIZE, 0);
        if (count < 0)
            fail("connection %d: no answer to its first message: %s", (int)(c - connections), strerror(errno));
        if (count == 0)
            fail("connection %d: the server ended it", (int)(c - connections));
        take(c, buffer, (size_t)count, false);
    }
}

static void open_all(const Options *given)
{
    options = *given;
    buffer = allocate(1, BUFFER_SIZE);
    connections = allocate((size_t)(options.connections + options.idle), sizeof *connections);
    first_of_run = allocate((size_t)options.connections, sizeof *first_of_run);
    request_size = is_http ? sizeof http_request - 1 : options.size;
    response_size = options.size;
    can_skim = !is_http && options.address.ss_family == AF_INET && options.size >= SKIM_SIZE_MIN;
    outgoing = is_http ? allocate(options.window, request_size) : message_buffer(options.size, options.window);
    for (uint32_t i = 0; is_http && i < options.window; i++)
        memcpy(outgoing + (size_t)i * request_size, http_request, request_size);
    poll_fd = epoll_create1(EPOLL_CLOEXEC);
    prctl(PR_SET_TIMERSLACK, 1); /* Nanoseconds: a rest ends when it shall. */
    for (int i = 0; i < options.connections + options.idle; i++) {
        connections[i].fd = connect_one();
        if (is_http && i == 0)
            response_size = learn_response_size(connections[i].fd);
        greet(&connections[i]);
        if (i >= options.connections)
            continue;
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = &connections[i]};
        if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, connections[i].fd, &event) < 0)
            fail_errno("epoll_ctl");
    }
}

static void open_http(const Options *given)
{
    is_http = true;
    open_all(given);
}

const Workload stream_workload = {open_all, run}, http_workload = {open_http, run};
