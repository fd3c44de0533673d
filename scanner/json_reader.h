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

enum { DEEPEST = 128 }; /* as in strict_json.py */

typedef unsigned char Byte;

/* Part of a record, from its first byte to the one behind its last. */
typedef struct {
    const Byte *start, *end;
} Span;

typedef struct {
    const Byte *at, *end;
    int depth;
    size_t escapes;       /* backslashes that were met */
    size_t risky_escapes; /* of these, the ones that can spell a token or a control character */
} Reader;

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

/* Reads a string and sets `inner` to what stands between its quotes. */
bool read_string(Reader *reader, Span *inner);

/* Reads what follows a backslash, and sets `code` to the character that it spells; a surrogate is
 * read together with its partner. */
bool read_escape(Reader *reader, unsigned *code);

/* Reads `null`. */
bool read_null(Reader *reader);

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
bool read_key(Reader *reader, Span *key);

#endif
