#include "json_reader.h"

#include <stdint.h>
#include <string.h>

enum {
    MOST_DIGITS = 18,      /* an integer of so many is within -2^63 ... 2^64-1 */
    LARGEST_EXPONENT = 200 /* with MOST_DIGITS before the point, far within a double */
};

static const uint64_t ONES = 0x0101010101010101u, HIGH = 0x8080808080808080u;

/* Marks the bytes of eight that need a look in a string: a quote, a backslash, a control character,
 * the start of a character beyond ASCII. The lowest mark is right; one above a mark may be wrong. */
static inline uint64_t mark_special(uint64_t word) {
    uint64_t quote = word ^ (ONES * '"'), backslash = word ^ (ONES * '\\');
    return ((word - ONES * 0x20) | (quote - ONES) | (backslash - ONES) | word) & HIGH;
}

/* Returns eight bytes as a number whose lowest byte is the first. */
static inline uint64_t eight_bytes(const Byte *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static inline bool is_special(Byte byte) {
    return byte == '"' || byte == '\\' || byte < 0x20 || byte >= 0x80;
}

/* Passes over text up to what needs a look. */
static inline void skip_plain_text(Reader *reader) {
    while (reader->end - reader->at >= 8) {
        uint64_t special = mark_special(eight_bytes(reader->at));
        if (special != 0) {
            reader->at += (unsigned)__builtin_ctzll(special) / 8;
            return;
        }
        reader->at += 8;
    }
    while (reader->at < reader->end && !is_special(*reader->at)) reader->at++;
}

static bool is_continuation(Byte byte) { return (byte & 0xC0) == 0x80; }

/* Reads one character beyond ASCII: no overlong form, no surrogate, nothing above U+10FFFF. */
static bool read_character(Reader *reader) {
    size_t left = (size_t)(reader->end - reader->at);
    const Byte *at = reader->at;
    size_t size;
    if (left >= 2 && at[0] >= 0xC2 && at[0] <= 0xDF) {
        size = 2;
    } else if (left >= 3 && at[0] >= 0xE0 && at[0] <= 0xEF) {
        if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F)) return false;
        size = 3;
    } else if (left >= 4 && at[0] >= 0xF0 && at[0] <= 0xF4) {
        if ((at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F)) return false;
        size = 4;
    } else {
        return false;
    }
    for (size_t i = 1; i < size; i++)
        if (!is_continuation(at[i])) return false;
    reader->at += size;
    return true;
}

/* Reads four hexadecimal digits. */
static bool read_code(Reader *reader, unsigned *code) {
    if (reader->end - reader->at < 4) return false;
    *code = 0;
    for (int i = 0; i < 4; i++) {
        Byte byte = *reader->at++;
        unsigned digit;
        if (byte >= '0' && byte <= '9') digit = byte - '0';
        else if (byte >= 'a' && byte <= 'f') digit = byte - 'a' + 10u;
        else if (byte >= 'A' && byte <= 'F') digit = byte - 'A' + 10u;
        else return false;
        *code = *code << 4 | digit;
    }
    return true;
}

bool read_escape(Reader *reader, unsigned *code) {
    if (reader->at == reader->end) return false;
    reader->escapes++;
    Byte byte = *reader->at++;
    switch (byte) {
    case '"': case '\\': *code = byte; return true;
    case 'n': *code = '\n'; return true;
    case 'r': *code = '\r'; return true;
    case 't': *code = '\t'; return true;
    case 'b': *code = '\b'; break;
    case 'f': *code = '\f'; break;
    case '/': *code = byte; break;
    case 'u':
        if (!read_code(reader, code)) return false;
        break;
    default:
        return false;
    }
    if (*code < 0x100) reader->risky_escapes++;
    if (*code < 0xD800 || *code > 0xDFFF) return true;
    unsigned partner;
    if (*code > 0xDBFF || !take(reader, '\\') || !take(reader, 'u') ||
        !read_code(reader, &partner) || partner < 0xDC00 || partner > 0xDFFF)
        return false;
    *code = 0x10000 + ((*code - 0xD800) << 10) + (partner - 0xDC00);
    return true;
}

bool read_string(Reader *reader, Span *inner) {
    if (!take(reader, '"')) return false;
    inner->start = reader->at;
    for (;;) {
        skip_plain_text(reader);
        if (reader->at == reader->end) return false;
        Byte byte = *reader->at;
        if (byte == '"') {
            inner->end = reader->at++;
            return true;
        }
        if (byte == '\\') {
            reader->at++;
            unsigned code;
            if (!read_escape(reader, &code)) return false;
        } else if (byte < 0x80 || !read_character(reader)) { /* a bare control character */
            return false;
        }
    }
}

static size_t skip_digits(Reader *reader) {
    const Byte *start = reader->at;
    while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9') reader->at++;
    return (size_t)(reader->at - start);
}

static bool read_exponent(Reader *reader) {
    reader->at++;
    if (!take(reader, '+')) take(reader, '-');
    int exponent = 0;
    const Byte *start = reader->at;
    size_t digits = skip_digits(reader);
    if (digits == 0 || digits > 3) return false;
    for (const Byte *at = start; at < reader->at; at++) exponent = exponent * 10 + (*at - '0');
    return exponent <= LARGEST_EXPONENT;
}

static bool read_number(Reader *reader) {
    take(reader, '-');
    bool starts_with_zero = is_next(reader, '0');
    size_t digits = skip_digits(reader);
    if (digits == 0 || digits > MOST_DIGITS || (starts_with_zero && digits > 1)) return false;
    if (take(reader, '.') && skip_digits(reader) == 0) return false;
    if (is_next(reader, 'e') || is_next(reader, 'E')) return read_exponent(reader);
    return true;
}

static bool read_word(Reader *reader, const char *word, size_t size) {
    if ((size_t)(reader->end - reader->at) < size || memcmp(reader->at, word, size) != 0)
        return false;
    reader->at += size;
    return true;
}

bool read_null(Reader *reader) { return read_word(reader, "null", 4); }

bool read_key(Reader *reader, Span *key) {
    skip_space(reader);
    if (!read_string(reader, key)) return false;
    skip_space(reader);
    if (!take(reader, ':')) return false;
    skip_space(reader);
    return true;
}

static bool read_object(Reader *reader) {
    if (!enter(reader, '{')) return false;
    skip_space(reader);
    if (leave(reader, '}')) return true;
    do {
        Span key;
        if (!read_key(reader, &key) || !read_value(reader)) return false;
        skip_space(reader);
    } while (take(reader, ','));
    return leave(reader, '}');
}

static bool read_array(Reader *reader) {
    if (!enter(reader, '[')) return false;
    skip_space(reader);
    if (leave(reader, ']')) return true;
    do {
        skip_space(reader);
        if (!read_value(reader)) return false;
        skip_space(reader);
    } while (take(reader, ','));
    return leave(reader, ']');
}

bool read_value(Reader *reader) { /* calls itself as deep as `enter` allows */
    if (reader->at == reader->end) return false;
    Span inner;
    switch (*reader->at) {
    case '"': return read_string(reader, &inner);
    case '{': return read_object(reader);
    case '[': return read_array(reader);
    case 't': return read_word(reader, "true", 4);
    case 'f': return read_word(reader, "false", 5);
    case 'n': return read_null(reader);
    default: return read_number(reader);
    }
}
