/*
 * An echo server on io_uring: echo-uring tcp|unix|udp SIZE [PATH]
 *
 * One thread, one ring that only it submits to, completions run when it waits for them. Multishot accept and receive into a ring of provided buffers of SIZE
 * bytes; what was received is sent out of the buffer it came in, one send in flight a connection, and the buffer given back when it has gone.
 * Written for liburing 2.3 (Debian 12).
 */
#define _GNU_SOURCE
#include "peer.h"
#include <liburing.h>
#include <stdint.h>
#include <sys/mman.h>

enum { ENTRIES = 4096, COMPLETIONS = 32768, GROUP = 0, BUFFERS_MAX = 4096, BUFFER_BYTES_MAX = 4 << 20, NONE = -1 };
enum { ACCEPT, RECEIVE, SEND, CLOSE };

typedef struct {
    int first, last; /* Buffers that wait to be sent, the first of them being sent. */
    int next_starved;
    bool is_open, receiving, ended;
} Connection;

static struct io_uring ring;
static struct io_uring_buf_ring *provided;
static unsigned buffer_count;
static size_t buffer_size;
static char *buffers;
static int *next_buffer; /* Of each buffer: the one behind it in its connection's queue. */
static uint32_t *buffer_sent, *buffer_length;
static unsigned given_back;
static Connection *connections;
static int first_starved = NONE; /* Whose receive ended for want of buffers. */

static struct io_uring_sqe *entry(void)
{
    struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
    while (sqe == NULL) {
        io_uring_submit(&ring);
        sqe = io_uring_get_sqe(&ring);
    }
    return sqe;
}

/* Preparing may clear an entry, so what it stands for is set behind. */
static void stands_for(struct io_uring_sqe *sqe, int operation, int index)
{
    sqe->user_data = (uint64_t)operation << 32 | (uint32_t)index;
}

static char *buffer_at(int id)
{
    return buffers + (size_t)id * buffer_size;
}

static void give_back(int id)
{
    io_uring_buf_ring_add(provided, buffer_at(id), (unsigned)buffer_size, (unsigned short)id, io_uring_buf_ring_mask(buffer_count), (int)given_back++);
}

static void start_ring(size_t size)
{
    struct io_uring_params parameters = {
        .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_CQSIZE,
        .cq_entries = COMPLETIONS,
    };
    int error = io_uring_queue_init_params(ENTRIES, &ring, &parameters);
    if (error < 0) {
        errno = -error;
        die("io_uring_setup");
    }
    io_uring_register_ring_fd(&ring);

    /* The kernel goes round the ring, so every buffer is used in turn: no more of them than are needed, or they fall out of the cache. */
    buffer_size = size;
    for (buffer_count = BUFFERS_MAX; buffer_count > 64 && buffer_count * size > BUFFER_BYTES_MAX; buffer_count /= 2)
        continue;
    buffers = allocate(buffer_count, size);
    next_buffer = allocate(buffer_count, sizeof *next_buffer);
    buffer_sent = allocate(buffer_count, sizeof *buffer_sent);
    buffer_length = allocate(buffer_count, sizeof *buffer_length);
    provided = mmap(NULL, buffer_count * sizeof(struct io_uring_buf), PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
    if (provided == MAP_FAILED)
        die("mmap");
    struct io_uring_buf_reg registration = {.ring_addr = (uintptr_t)provided, .ring_entries = buffer_count, .bgid = GROUP};
    error = io_uring_register_buf_ring(&ring, &registration, 0);
    if (error < 0) {
        errno = -error;
        die("io_uring_register_buf_ring");
    }
    io_uring_buf_ring_init(provided);
    for (unsigned id = 0; id < buffer_count; id++)
        give_back((int)id);
    io_uring_buf_ring_advance(provided, (int)given_back);
    given_back = 0;
}

static void accept_on(int server)
{
    struct io_uring_sqe *sqe = entry();
    io_uring_prep_multishot_accept(sqe, server, NULL, NULL, SOCK_CLOEXEC);
    stands_for(sqe, ACCEPT, server);
}

static void receive(int fd)
{
    struct io_uring_sqe *sqe = entry();
    io_uring_prep_recv_multishot(sqe, fd, NULL, 0, 0);
    sqe->flags |= IOSQE_BUFFER_SELECT;
    sqe->buf_group = GROUP;
    stands_for(sqe, RECEIVE, fd);
    connections[fd].receiving = true;
}

static void send_first(int fd)
{
    int id = connections[fd].first;
    struct io_uring_sqe *sqe = entry();
    io_uring_prep_send(sqe, fd, buffer_at(id) + buffer_sent[id], buffer_length[id] - buffer_sent[id], MSG_NOSIGNAL | MSG_WAITALL);
    stands_for(sqe, SEND, fd);
}

/* Its descriptor is free for another only when nothing of it is in flight. */
static void close_when_idle(int fd)
{
    Connection *c = &connections[fd];
    if (!c->is_open || !c->ended || c->receiving || c->first != NONE)
        return;
    c->is_open = false;
    struct io_uring_sqe *sqe = entry();
    io_uring_prep_close(sqe, fd);
    stands_for(sqe, CLOSE, fd);
}

static void accepted(int server, int fd, unsigned flags)
{
    if (!(flags & IORING_CQE_F_MORE))
        accept_on(server);
    if (fd < 0)
        return;
    connections[fd] = (Connection){.first = NONE, .last = NONE, .is_open = true};
    receive(fd);
}

static void received(int fd, int result, unsigned flags)
{
    Connection *c = &connections[fd];
    if (!(flags & IORING_CQE_F_MORE))
        c->receiving = false;
    if (result > 0) {
        int id = (int)(flags >> IORING_CQE_BUFFER_SHIFT);
        buffer_sent[id] = 0;
        buffer_length[id] = (uint32_t)result;
        next_buffer[id] = NONE;
        if (c->first == NONE) {
            c->first = c->last = id;
            send_first(fd);
        } else {
            next_buffer[c->last] = id;
            c->last = id;
        }
        if (!c->receiving)
            receive(fd);
    } else if (result == -ENOBUFS) {
        c->next_starved = first_starved;
        first_starved = fd;
    } else {
        c->ended = true;
        close_when_idle(fd);
    }
}

static void sent(int fd, int result)
{
    Connection *c = &connections[fd];
    int id = c->first;
    if (result > 0)
        buffer_sent[id] += (uint32_t)result;
    else if (result != -EINTR && result != -EAGAIN) {
        shutdown(fd, SHUT_RDWR); /* Ends its receive too. */
        buffer_sent[id] = buffer_length[id];
    }
    if (buffer_sent[id] == buffer_length[id]) {
        c->first = next_buffer[id];
        give_back(id);
    }
    if (c->first != NONE)
        send_first(fd);
    else
        close_when_idle(fd);
}

static void feed_the_starved(void)
{
    while (first_starved != NONE) {
        int fd = first_starved;
        first_starved = connections[fd].next_starved;
        receive(fd);
    }
}

/* ---- Datagrams: their receive puts the sender before the payload, so a buffer has room for both. ---- */

static struct msghdr datagram = {.msg_namelen = sizeof(struct sockaddr_in)};

static void receive_datagrams(int server)
{
    struct io_uring_sqe *sqe = entry();
    io_uring_prep_recvmsg_multishot(sqe, server, &datagram, 0);
    sqe->flags |= IOSQE_BUFFER_SELECT;
    sqe->buf_group = GROUP;
    stands_for(sqe, RECEIVE, server);
}

static void answer_datagram(int server, int result, unsigned flags)
{
    if (result >= 0) {
        int id = (int)(flags >> IORING_CQE_BUFFER_SHIFT);
        struct io_uring_recvmsg_out *out = io_uring_recvmsg_validate(buffer_at(id), result, &datagram);
        if (out == NULL) {
            give_back(id);
        } else {
            struct io_uring_sqe *sqe = entry();
            io_uring_prep_send(sqe, server, io_uring_recvmsg_payload(out, &datagram), io_uring_recvmsg_payload_length(out, result, &datagram), 0);
            sqe->addr2 = (uintptr_t)io_uring_recvmsg_name(out);
            sqe->addr_len = sizeof(struct sockaddr_in);
            stands_for(sqe, SEND, id);
        }
    }
    if (!(flags & IORING_CQE_F_MORE)) {
        if (result == -ENOBUFS)
            first_starved = server;
        else
            receive_datagrams(server);
    }
}

static void complete(const struct io_uring_cqe *cqe, bool is_datagram)
{
    int index = (int)(uint32_t)cqe->user_data;
    switch (cqe->user_data >> 32) {
    case ACCEPT:
        accepted(index, cqe->res, cqe->flags);
        break;
    case RECEIVE:
        if (is_datagram)
            answer_datagram(index, cqe->res, cqe->flags);
        else
            received(index, cqe->res, cqe->flags);
        break;
    case SEND:
        if (is_datagram)
            give_back(index);
        else
            sent(index, cqe->res);
        break;
    default:
        break;
    }
}

static void serve(int server, bool is_datagram)
{
    if (is_datagram)
        receive_datagrams(server);
    else
        accept_on(server);
    while (true) {
        int error = io_uring_submit_and_wait(&ring, 1);
        if (error < 0 && error != -EINTR && error != -EBUSY) {
            errno = -error;
            die("io_uring_enter");
        }
        struct io_uring_cqe *cqe;
        unsigned head, count = 0;
        io_uring_for_each_cqe(&ring, head, cqe) {
            complete(cqe, is_datagram);
            count++;
        }
        io_uring_cq_advance(&ring, count);
        if (given_back == 0)
            continue;
        io_uring_buf_ring_advance(provided, (int)given_back);
        given_back = 0;
        if (is_datagram && first_starved != NONE) {
            first_starved = NONE;
            receive_datagrams(server);
        } else {
            feed_the_starved();
        }
    }
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: echo-uring tcp|unix|udp SIZE [PATH]\n");
        return 2;
    }
    size_t size = strtoul(argv[2], NULL, 10);
    bool is_datagram = strcmp(argv[1], "udp") == 0;
    connections = allocate(raise_descriptors(), sizeof *connections);
    start_ring(is_datagram ? size + sizeof(struct io_uring_recvmsg_out) + sizeof(struct sockaddr_in) : size);
    serve(open_server(argv[1], argc > 3 ? argv[3] : NULL, SOCK_CLOEXEC), is_datagram);
}
