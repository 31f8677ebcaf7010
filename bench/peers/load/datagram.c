/*
 * Datagrams of many flows. A flow is a source address, 127.0.2.1 and on; they share one socket, so that a system call sends or receives for many of them: the
 * generator does less for a message than a server can.
 */
#define _GNU_SOURCE
#include "load.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

enum { BATCH = 64, FLOWS_MAX = 250, WINDOW = 4096, RESEND_AFTER_NS = 200 * 1000 * 1000, LOST_AFTER_NS = 1000 * 1000 * 1000 };

typedef union {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
} Control;

typedef struct {
    uint32_t first, sent; /* The first number of this run, and the next. */
    bool seen[WINDOW];    /* Which of the last have come back. */
} Flow;

static Flow flows[FLOWS_MAX];
static Options options;
static int fd;
static uint64_t outstanding;
static char *outgoing, *incoming;
static struct mmsghdr to_send[BATCH], to_receive[BATCH];
static struct iovec parts_out[BATCH], parts_in[BATCH];
static Control controls[BATCH];
static int queued;

static void send_queued(void)
{
    for (int sent = 0; sent < queued;) {
        int count = sendmmsg(fd, to_send + sent, (unsigned)(queued - sent), 0);
        if (count < 0 && errno != EINTR && errno != EAGAIN && errno != ENOBUFS)
            fail_errno("sendmmsg");
        sent += count > 0 ? count : 0;
    }
    queued = 0;
}

static void queue(uint32_t flow, uint32_t sequence)
{
    if (queued == BATCH)
        send_queued();
    message_stamp(outgoing + (size_t)queued * options.size, flow, sequence);
    struct in_pktinfo *source = (struct in_pktinfo *)CMSG_DATA(&controls[queued].header);
    source->ipi_spec_dst.s_addr = htonl((INADDR_LOOPBACK & 0xFFFF0000) + 512 + 1 + flow);
    queued++;
}

static void send_next(uint32_t flow)
{
    Flow *f = &flows[flow];
    f->seen[f->sent % WINDOW] = false;
    outstanding++;
    queue(flow, f->sent++);
}

static void note(Run *run, const char *message, uint32_t length, int64_t time)
{
    uint32_t flow, sequence;
    if (length != options.size)
        fail("a datagram of %u bytes came back, not of %u", length, options.size);
    memcpy(&flow, message, sizeof flow);
    memcpy(&sequence, message + sizeof flow, sizeof sequence);
    if (flow >= (uint32_t)options.connections || !message_matches(message, 0, length, options.size, flow, sequence))
        fail("a datagram came back different");
    Flow *f = &flows[flow];
    if (sequence < f->first || sequence >= f->sent || f->sent - sequence > WINDOW || f->seen[sequence % WINDOW])
        return; /* One that was sent again has come back twice, or one of an earlier run comes late. */
    f->seen[sequence % WINDOW] = true;
    outstanding--;
    run->messages++;
    if (run->rate > 0)
        histogram_add(&latencies, time - due_at(run, (uint64_t)(sequence - f->first) * (uint64_t)options.connections + flow));
    else if (time < run->end)
        send_next(flow);
}

static bool receive(Run *run)
{
    int count = recvmmsg(fd, to_receive, BATCH, MSG_DONTWAIT, NULL);
    if (count < 0 && errno != EAGAIN && errno != EINTR)
        fail_errno("recvmmsg");
    looked(count <= 0);
    int64_t time = now();
    for (int i = 0; i < count; i++)
        note(run, incoming + (size_t)i * options.size, to_receive[i].msg_len, time);
    return count > 0;
}

/* A lost datagram would silence its flow for good, so it goes again. */
static void resend(Run *run)
{
    for (int i = 0; i < options.connections; i++) {
        if (flows[i].seen[(flows[i].sent - 1) % WINDOW])
            continue;
        run->lost++;
        queue((uint32_t)i, flows[i].sent - 1);
    }
}

static void run_closed(Run *run)
{
    int64_t last_heard = run->start, last_sent = run->start;
    for (int i = 0; i < options.connections; i++)
        send_next((uint32_t)i);
    while (outstanding > 0) {
        send_queued();
        int64_t time = now();
        if (receive(run)) {
            last_heard = last_sent = time;
        } else if (time - last_heard > SILENCE_SECONDS_MAX * 1000000000LL) {
            fail("nothing came back for %d s", SILENCE_SECONDS_MAX);
        } else if (time - last_sent > RESEND_AFTER_NS) {
            resend(run);
            last_sent = time;
        }
    }
}

/* What has not come back a second after all else is lost. */
static void run_open(Run *run)
{
    uint64_t total = (uint64_t)(run->seconds * run->rate);
    int64_t last_heard = run->start;
    for (uint64_t next = 0; next < total || outstanding > 0;) {
        int64_t time = now();
        for (; next < total && due_at(run, next) <= time; next++) {
            histogram_add(&lateness, time - due_at(run, next));
            send_next((uint32_t)(next % (uint64_t)options.connections));
        }
        send_queued();
        if (receive(run) || next < total)
            last_heard = time;
        else if (time - last_heard > LOST_AFTER_NS)
            break;
    }
    run->lost += outstanding;
}

static void run(Run *run)
{
    for (int i = 0; i < options.connections; i++)
        flows[i].first = flows[i].sent;
    outstanding = 0;
    if (run->rate > 0)
        run_open(run);
    else
        run_closed(run);
}

static void prepare(int i)
{
    parts_out[i] = (struct iovec){outgoing + (size_t)i * options.size, options.size};
    parts_in[i] = (struct iovec){incoming + (size_t)i * options.size, options.size};
    to_send[i].msg_hdr = (struct msghdr){.msg_name = &options.address, .msg_namelen = options.address_length, .msg_iov = &parts_out[i], .msg_iovlen = 1,
        .msg_control = &controls[i], .msg_controllen = sizeof controls[i]};
    to_receive[i].msg_hdr = (struct msghdr){.msg_iov = &parts_in[i], .msg_iovlen = 1};
    controls[i].header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo)), .cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO};
}

static void open_all(const Options *given)
{
    options = *given;
    if (options.connections > FLOWS_MAX)
        fail("at most %d flows", FLOWS_MAX);
    outgoing = message_buffer(options.size, BATCH);
    incoming = message_buffer(options.size, BATCH);
    int room = 4 << 20;
    struct sockaddr_in any = {.sin_family = AF_INET};
    fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room) < 0 || bind(fd, (struct sockaddr *)&any, sizeof any) < 0)
        fail_errno("socket");
    for (int i = 0; i < BATCH; i++)
        prepare(i);
    Run first = {.start = now(), .end = 0};
    run(&first);
}

const Workload datagram_workload = {open_all, run};
