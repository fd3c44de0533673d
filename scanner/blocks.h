/* Looks at sixteen bytes of text at once. */
#ifndef BOTCOIN_DPO_BLOCKS_H
#define BOTCOIN_DPO_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef unsigned char Byte;

/* Sixteen bytes, and what was found of them; GCC and Clang know such types on all processors. */
typedef signed char Block __attribute__((vector_size(16)));
typedef uint64_t Halves __attribute__((vector_size(16)));

static inline Block load_block(const Byte *at) {
    Block block;
    memcpy(&block, at, sizeof block);
    return block;
}

/* Returns whether any byte is marked. */
static inline bool has_mark(Block marks) {
    Halves halves = (Halves)marks;
    return (halves[0] | halves[1]) != 0;
}

/* Sets all bits of the bytes that need a look in a string: a quote, a backslash, a control character,
 * and the bytes of characters beyond ASCII, which are negative. */
static inline Block mark_special(Block block) {
    return (block == '"') | (block == '\\') | (block < ' ');
}

/* Returns how many bytes of eight come before the first mark; there is one. */
static inline size_t count_before_mark(uint64_t marks) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    marks = __builtin_bswap64(marks);
#endif
    return (size_t)__builtin_ctzll(marks) / 8;
}

static inline bool is_special(Byte byte) {
    return byte == '"' || byte == '\\' || byte < ' ' || byte >= 0x80;
}

/* Returns where the first byte that needs a look stands, or the end. */
static inline const Byte *skip_plain_text(const Byte *at, const Byte *end) {
    while (end - at >= (ptrdiff_t)sizeof(Block)) {
        Halves marks = (Halves)mark_special(load_block(at));
        if (marks[0] != 0) return at + count_before_mark(marks[0]);
        if (marks[1] != 0) return at + 8 + count_before_mark(marks[1]);
        at += sizeof(Block);
    }
    while (at < end && !is_special(*at)) at++;
    return at;
}

#endif
