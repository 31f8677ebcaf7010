#include "load.h"
#include <string.h>

static char *pattern;

void message_pattern(uint32_t size)
{
    pattern = allocate(1, size);
    uint32_t state = 2463534242;
    for (uint32_t i = 0; i < size; i++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        pattern[i] = (char)state;
    }
}

char *message_buffer(uint32_t size, uint32_t count)
{
    char *buffer = allocate(count, size);
    for (uint32_t i = 0; i < count; i++)
        memcpy(buffer + (size_t)i * size, pattern, size);
    return buffer;
}

void message_stamp(char *message, uint32_t sender, uint32_t sequence)
{
    memcpy(message, &sender, sizeof sender);
    memcpy(message + sizeof sender, &sequence, sizeof sequence);
}

bool message_matches(const char *part, uint32_t offset, uint32_t length, uint32_t size, uint32_t sender, uint32_t sequence)
{
    char head[MESSAGE_SIZE_MIN];
    message_stamp(head, sender, sequence);
    if (offset + length > size)
        return false;
    uint32_t in_head = offset >= MESSAGE_SIZE_MIN ? 0 : MESSAGE_SIZE_MIN - offset < length ? MESSAGE_SIZE_MIN - offset : length;
    return memcmp(part, head + (in_head > 0 ? offset : 0), in_head) == 0
        && memcmp(part + in_head, pattern + offset + in_head, length - in_head) == 0;
}
