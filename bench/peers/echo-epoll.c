/*
 * An echo server on epoll: echo-epoll tcp|unix|udp SIZE [PATH]
 *
 * One thread, edge-triggered, one buffer for all: what was received is sent at once, and only what the peer does not take is kept, with its connection.
 */
#define _GNU_SOURCE
#include "peer.h"
#include <sys/epoll.h>

enum { BATCH = 512, DATAGRAMS = 64, STREAM_BUFFER_MIN = 4096 };

typedef struct {
    char *kept; /* What was received and not yet taken by the peer; null mostly. */
    size_t sent, length;
} Connection;

static Connection *connections;
static char *buffer;
static size_t buffer_size;

static void close_connection(int fd)
{
    free(connections[fd].kept);
    connections[fd] = (Connection){0};
    close(fd);
}

/* Sends what is kept. Returns false when some of it is still kept, or the connection is closed. */
static bool send_kept(int fd)
{
    Connection *c = &connections[fd];
    while (c->sent < c->length) {
        ssize_t sent = send(fd, c->kept + c->sent, c->length - c->sent, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0) {
            if (errno != EAGAIN)
                close_connection(fd);
            return false;
        }
        c->sent += (size_t)sent;
    }
    free(c->kept);
    *c = (Connection){0};
    return true;
}

static bool echo(int fd, size_t length)
{
    ssize_t sent = send(fd, buffer, length, MSG_NOSIGNAL);
    if (sent == (ssize_t)length)
        return true;
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        close_connection(fd);
        return false;
    }
    size_t taken = sent < 0 ? 0 : (size_t)sent;
    char *kept = allocate(1, length - taken);
    memcpy(kept, buffer + taken, length - taken);
    connections[fd] = (Connection){.kept = kept, .length = length - taken};
    return send_kept(fd);
}

/* Until the network has no more: a short read says so as well as EAGAIN, unless a hang-up came with it. */
static void serve_stream(int fd, bool hung_up)
{
    if (connections[fd].kept != NULL && !send_kept(fd))
        return;
    while (true) {
        ssize_t received = recv(fd, buffer, buffer_size, 0);
        if (received < 0 && errno == EINTR)
            continue;
        if (received < 0 && errno == EAGAIN)
            return;
        if (received <= 0) {
            close_connection(fd);
            return;
        }
        if (!echo(fd, (size_t)received))
            return;
        if ((size_t)received < buffer_size && !hung_up)
            return;
    }
}

static void accept_all(int server, int poll)
{
    while (true) {
        int fd = accept4(server, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            if (errno == EINTR || errno == ECONNABORTED)
                continue;
            return;
        }
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.fd = fd};
        if (epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) < 0)
            die("epoll_ctl");
    }
}

static void serve_streams(int server)
{
    int poll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = server}, events[BATCH];
    if (poll < 0 || epoll_ctl(poll, EPOLL_CTL_ADD, server, &event) < 0)
        die("epoll");
    while (true) {
        int count = epoll_wait(poll, events, BATCH, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.fd == server)
                accept_all(server, poll);
            else
                serve_stream(events[i].data.fd, (events[i].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
        }
    }
}

/* A blocking socket needs no epoll: recvmmsg waits for the first and takes those that are there. */
static void serve_datagrams(int server, size_t size)
{
    struct mmsghdr messages[DATAGRAMS] = {0};
    struct iovec parts[DATAGRAMS];
    struct sockaddr_in names[DATAGRAMS];
    char *memory = allocate(DATAGRAMS, size);
    while (true) {
        for (int i = 0; i < DATAGRAMS; i++) {
            parts[i] = (struct iovec){.iov_base = memory + (size_t)i * size, .iov_len = size};
            messages[i].msg_hdr = (struct msghdr){.msg_name = &names[i], .msg_namelen = sizeof names[i], .msg_iov = &parts[i], .msg_iovlen = 1};
        }
        int count = recvmmsg(server, messages, DATAGRAMS, MSG_WAITFORONE, NULL);
        for (int i = 0; i < count; i++)
            parts[i].iov_len = messages[i].msg_len;
        for (int sent = 0; sent < count;) {
            int now = sendmmsg(server, messages + sent, (unsigned)(count - sent), 0);
            sent += now > 0 ? now : 1; /* One that cannot be sent is left out. */
        }
    }
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: echo-epoll tcp|unix|udp SIZE [PATH]\n");
        return 2;
    }
    size_t size = strtoul(argv[2], NULL, 10);
    bool is_datagram = strcmp(argv[1], "udp") == 0;
    connections = allocate(raise_descriptors(), sizeof *connections);
    buffer_size = size > STREAM_BUFFER_MIN ? size : STREAM_BUFFER_MIN;
    buffer = allocate(1, buffer_size);
    int server = open_server(argv[1], argc > 3 ? argv[3] : NULL, SOCK_CLOEXEC | (is_datagram ? 0 : SOCK_NONBLOCK));
    if (is_datagram)
        serve_datagrams(server, size);
    else
        serve_streams(server);
}
