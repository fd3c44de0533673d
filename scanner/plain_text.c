#include "plain_text.h"

bool is_plain(Span json) {
    Byte found = 0; /* a loop without a way out is one that compilers do 16 bytes at a time */
    for (size_t i = 1; i < length_of(json); i++) {
        Byte byte = json.start[i], before = json.start[i - 1] | 0x20;
        found |= (byte == '<') | ((byte == ']') & (before == 't'));
    }
    return found == 0 && (length_of(json) == 0 || json.start[0] != '<');
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
