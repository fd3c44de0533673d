/* Reads strict JSON: what schemas/README.md, "JSON is strict", asks of every record.
 *
 * Every function says true only of what is beyond doubt. False means "I do not know": then the
 * exact way in botcoin_dpo/logs/strict_json.py decides. Nothing here knows of Python.
 *
 * A reader never moves past its end, and no byte is read before it is compared with the end.
 */
#ifndef BOTCOIN_DPO_JSON_READER_H
#define BOTCOIN_DPO_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { DEEPEST = 128 }; /* as in strict_json.py */

typedef unsigned char Byte;

/* Part of a record, from its first byte to the one behind its last. */
typedef struct {
    const Byte *start, *end;
} Span;

typedef struct {
    const Byte *at, *end;
    int depth;
    size_t escapes;       /* grows wherever an escape is met */
    size_t risky_escapes; /* of these, the ones that can spell a token or a control character */
    size_t code_escapes;  /* of these, the ones that spell a character by its code */
} Reader;

static inline size_t length_of(Span span) { return (size_t)(span.end - span.start); }

static inline bool is_same(Span span, const void *text, size_t length) {
    return length_of(span) == length && (length == 0 || memcmp(span.start, text, length) == 0);
}

/* Returns whether the next byte is this one. */
static inline bool is_next(const Reader *reader, Byte byte) {
    return reader->at < reader->end && *reader->at == byte;
}

/* Passes over one byte if it is this one. */
static inline bool take(Reader *reader, Byte byte) {
    if (!is_next(reader, byte)) return false;
    reader->at++;
    return true;
}

static inline void skip_space(Reader *reader) {
    while (reader->at < reader->end && *reader->at <= ' ') {
        Byte byte = *reader->at;
        if (byte != ' ' && byte != '\t' && byte != '\n' && byte != '\r') return;
        reader->at++;
    }
}

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

/* Reads on in a string that has something else than plain text. */
bool read_rest_of_string(Reader *reader, Span *inner);

/* Reads a string and sets `inner` to what stands between its quotes. */
static inline bool read_string(Reader *reader, Span *inner) {
    if (!take(reader, '"')) return false;
    inner->start = reader->at;
    reader->at = skip_plain_text(reader->at, reader->end);
    if (!is_next(reader, '"')) return read_rest_of_string(reader, inner);
    inner->end = reader->at++;
    return true;
}

/* Reads `null`. */
bool read_null(Reader *reader);

/* Reads a number of any kind. */
bool read_number(Reader *reader);

/* Reads an integer that is spelled as one. */
bool read_integer(Reader *reader, int64_t *number);

/* Reads `true` or `false`. */
bool read_boolean(Reader *reader, bool *is_true);

/* Reads any value. */
bool read_value(Reader *reader);

/* Opens or closes an array or an object, and counts the depth. */
static inline bool enter(Reader *reader, Byte opener) {
    return reader->depth < DEEPEST && take(reader, opener) && ++reader->depth;
}

static inline bool leave(Reader *reader, Byte closer) {
    if (!take(reader, closer)) return false;
    reader->depth--;
    return true;
}

/* Reads the key of a member and the colon behind it. */
static inline bool read_key(Reader *reader, Span *key) {
    skip_space(reader);
    if (!read_string(reader, key)) return false;
    skip_space(reader);
    if (!take(reader, ':')) return false;
    skip_space(reader);
    return true;
}

#endif
