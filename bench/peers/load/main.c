#define _GNU_SOURCE
#include "load.h"
#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/un.h>
#include <time.h>

int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("load: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    exit(1);
}

void fail_errno(const char *what)
{
    fail("%s: %s", what, strerror(errno));
}

void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL)
        fail("out of memory");
    return memory;
}

static double processor_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double spun; /* Processor seconds between a look that found nothing and the next that found something. */

void looked(bool found_nothing)
{
    static double since = -1;
    if (found_nothing && since < 0)
        since = processor_seconds();
    if (found_nothing || since < 0)
        return;
    spun += processor_seconds() - since;
    since = -1;
}

static void raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        fail_errno("getrlimit");
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        fail_errno("setrlimit");
}

static void parse_address(Options *options, const char *text)
{
    if (strchr(text, '/') != NULL) {
        struct sockaddr_un *local = (struct sockaddr_un *)&options->address;
        if (strlen(text) >= sizeof local->sun_path)
            fail("%s: longer than a Unix socket's path may be", text);
        local->sun_family = AF_UNIX;
        strcpy(local->sun_path, text);
        options->address_length = sizeof *local;
    } else {
        struct sockaddr_in *inet = (struct sockaddr_in *)&options->address;
        inet->sin_family = AF_INET;
        inet->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        inet->sin_port = htons((uint16_t)atoi(text));
        options->address_length = sizeof *inet;
    }
}

static Options parse(int argc, char **argv)
{
    Options options = {.connections = 1, .size = 64, .window = 1};
    parse_address(&options, argv[2]);
    for (int i = 3; i + 1 < argc; i += 2) {
        int value = atoi(argv[i + 1]);
        if (strcmp(argv[i], "--connections") == 0)
            options.connections = value;
        else if (strcmp(argv[i], "--idle") == 0)
            options.idle = value;
        else if (strcmp(argv[i], "--rest") == 0)
            options.rests = value != 0;
        else if (strcmp(argv[i], "--size") == 0)
            options.size = (uint32_t)value;
        else if (strcmp(argv[i], "--window") == 0)
            options.window = (uint32_t)value;
        else
            fail("unknown option %s", argv[i]);
    }
    if (options.connections < 1 || options.window < 1 || options.size < MESSAGE_SIZE_MIN)
        fail("at least one connection, a window of one message and messages of %d bytes", MESSAGE_SIZE_MIN);
    return options;
}

static const Workload *find_workload(const char *name)
{
    static const struct { const char *name; const Workload *workload; } all[] = {
        {"stream", &stream_workload}, {"http", &http_workload}, {"connect", &connect_workload}, {"datagram", &datagram_workload},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(all[i].name, name) == 0)
            return all[i].workload;
    }
    fail("no workload %s; there are stream, http, connect and datagram", name);
}

static void execute(const Workload *workload, const char *line)
{
    Run run = {0};
    if (sscanf(line, "closed %lf", &run.seconds) != 1 && (sscanf(line, "open %lf %lf", &run.seconds, &run.rate) != 2 || run.rate <= 0))
        fail("not understood: %s", line);
    histogram_clear(&latencies);
    histogram_clear(&lateness);
    double processor = processor_seconds();
    looked(false);
    spun = 0;
    run.start = now();
    run.end = run.start + (int64_t)(run.seconds * 1e9);
    workload->run(&run);
    double seconds = (double)(now() - run.start) / 1e9;
    printf("{\"messages\":%llu,\"lost\":%llu,\"seconds\":%.6f,\"cpu\":%.6f,\"spun\":%.6f,\"p50\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"late99\":%.3f}\n",
        (unsigned long long)run.messages, (unsigned long long)run.lost, seconds, processor_seconds() - processor, spun,
        histogram_microseconds(&latencies, 0.5), histogram_microseconds(&latencies, 0.99), histogram_microseconds(&latencies, 0.999),
        histogram_microseconds(&lateness, 0.99));
    fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: load stream|http|connect|datagram PORT|PATH [--connections N] [--size BYTES] [--window MESSAGES] [--idle N] [--rest 1]\n", stderr);
        return 2;
    }
    const Workload *workload = find_workload(argv[1]);
    Options options = parse(argc, argv);
    raise_descriptors();
    message_pattern(options.size);
    workload->open(&options);
    puts("ready");
    fflush(stdout);
    char line[128];
    while (fgets(line, sizeof line, stdin) != NULL)
        execute(workload, line);
    return 0;
}
