#include "plain_text.h"

bool ends_in_instruction(Span text) {
    const Byte *end = text.end;
    return end - text.start >= 4 && (end[-4] | 0x20) == 'i' && (end[-3] | 0x20) == 'n' &&
           (end[-2] | 0x20) == 's' && (end[-1] | 0x20) == 't';
}

bool is_plain(Span json) {
    if (json.start == json.end) return true;
    if (memchr(json.start, '<', (size_t)(json.end - json.start)) != NULL) return false;
    Span before = {json.start, NULL};
    while (before.start < json.end) {
        before.end = memchr(before.start, ']', (size_t)(json.end - before.start));
        if (before.end == NULL) return true;
        if (ends_in_instruction(before)) return false;
        before.start = before.end + 1;
    }
    return true;
}

bool has_line_separator(Span text) {
    for (const Byte *at = text.start; text.end - at >= 3; at++)
        if (at[0] == 0xE2 && at[1] == 0x80 && (at[2] == 0xA8 || at[2] == 0xA9)) return true;
    return false;
}

bool is_word(Span text) {
    for (const Byte *at = text.start; at < text.end; at++) {
        Byte lower = *at | 0x20;
        bool is_letter = lower >= 'a' && lower <= 'z';
        bool is_digit = *at >= '0' && *at <= '9';
        if (!is_letter && !is_digit && *at != '_' && *at != '-') return false;
    }
    return true;
}
