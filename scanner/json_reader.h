/* Reads strict JSON: what schemas/README.md, "JSON is strict", asks of every record.
 *
 * Every function says true only of what is beyond doubt. False means "I do not know": then the
 * exact way in botcoin_dpo/logs/strict_json.py decides. Nothing here knows of Python.
 *
 * A reader never moves past its end, and no byte is read before it is compared with the end.
 */
#ifndef BOTCOIN_DPO_JSON_READER_H
#define BOTCOIN_DPO_JSON_READER_H

#include "blocks.h"

enum { DEEPEST = 128 }; /* as in strict_json.py */

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

/* Reads four hexadecimal digits and returns where they end, or NULL. */
const Byte *skip_code(const Byte *at, const Byte *end, unsigned *code);

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

/* Opens an array or an object, counts the depth, and sets whether there is a first item. */
static inline bool open_items(Reader *reader, Byte opener, Byte closer, bool *has_item) {
    if (reader->depth == DEEPEST || !take(reader, opener)) return false;
    skip_space(reader);
    *has_item = !take(reader, closer);
    if (*has_item) reader->depth++;
    return true;
}

/* Sets whether another item follows the one that was read; otherwise closes what was opened. */
static inline bool next_item(Reader *reader, Byte closer, bool *has_item) {
    skip_space(reader);
    *has_item = take(reader, ',');
    if (*has_item) {
        skip_space(reader);
        return true;
    }
    reader->depth--;
    return take(reader, closer);
}

/* Reads the key of a member and the colon behind it. */
static inline bool read_key(Reader *reader, Span *key) {
    if (!read_string(reader, key)) return false;
    skip_space(reader);
    if (!take(reader, ':')) return false;
    skip_space(reader);
    return true;
}

#endif
