/* What the C servers have in common: they listen where they are told, say where, and end with their standard input. */
#ifndef PEER_H
#define PEER_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static inline void die(const char *what)
{
    perror(what);
    exit(1);
}

static inline void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL)
        die("calloc");
    return memory;
}

/* A descriptor for each connection, as many as this user may have. Returns how many that are. */
static inline size_t raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        die("getrlimit");
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        die("setrlimit");
    return limit.rlim_cur < 1000000 ? limit.rlim_cur : 1000000;
}

static void *end_with_input(void *nothing)
{
    (void)nothing;
    char ignored[64];
    while (read(STDIN_FILENO, ignored, sizeof ignored) > 0)
        continue;
    _exit(0);
}

/* Opens the server's socket on a free port of the loopback, or on a path, prints which, and has the process end with its standard input. */
static inline int open_server(const char *kind, const char *path, int flags)
{
    bool is_datagram = strcmp(kind, "udp") == 0;
    struct sockaddr_in inet = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    struct sockaddr *address = (struct sockaddr *)&inet;
    socklen_t length = sizeof inet;
    if (path != NULL) {
        if (strlen(path) >= sizeof local.sun_path) {
            fprintf(stderr, "%s: longer than a Unix socket's path may be\n", path);
            exit(2);
        }
        strcpy(local.sun_path, path);
        address = (struct sockaddr *)&local;
        length = sizeof local;
    }

    int server = socket(address->sa_family, (is_datagram ? SOCK_DGRAM : SOCK_STREAM) | flags, 0);
    if (server < 0 || bind(server, address, length) < 0)
        die("bind");
    if (!is_datagram && path == NULL) {
        int one = 1; /* Accepted connections have it from here. */
        setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    }
    if (!is_datagram && listen(server, 4096) < 0)
        die("listen");

    if (path == NULL) {
        if (getsockname(server, address, &length) < 0)
            die("getsockname");
        printf("%d\n", ntohs(inet.sin_port));
    } else {
        printf("0\n");
    }
    fflush(stdout);

    pthread_t watcher;
    if (pthread_create(&watcher, NULL, end_with_input, NULL) != 0)
        die("pthread_create");
    return server;
}

#endif
