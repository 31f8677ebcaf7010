#include "load.h"
#include <string.h>

/* Thirty-two steps for each doubling: a value is known to 3 %. */
enum { STEPS = 32, STEP_BITS = 5 };

Histogram latencies, lateness;

void histogram_clear(Histogram *histogram)
{
    memset(histogram, 0, sizeof *histogram);
}

void histogram_add(Histogram *histogram, int64_t nanoseconds)
{
    uint64_t value = nanoseconds > 0 ? (uint64_t)nanoseconds : 0;
    size_t index = value;
    if (value >= STEPS) {
        int doubling = 63 - __builtin_clzll(value);
        index = (size_t)(doubling - STEP_BITS + 1) * STEPS + ((value >> (doubling - STEP_BITS)) & (STEPS - 1));
    }
    histogram->counts[index]++;
    histogram->total++;
}

static double middle_of(size_t index)
{
    if (index < STEPS)
        return (double)index;
    int shift = (int)(index / STEPS) - 1;
    return ((double)(STEPS + index % STEPS) + 0.5) * (double)(1ULL << shift);
}

double histogram_microseconds(const Histogram *histogram, double share)
{
    uint64_t wanted = (uint64_t)((double)histogram->total * share), seen = 0;
    for (size_t i = 0; i < sizeof histogram->counts / sizeof *histogram->counts; i++) {
        seen += histogram->counts[i];
        if (seen > wanted)
            return middle_of(i) / 1e3;
    }
    return 0;
}
