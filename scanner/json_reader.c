#include "json_reader.h"

enum {
    MOST_DIGITS = 18,      /* an integer of so many is within -2^63 ... 2^64-1 */
    LARGEST_EXPONENT = 200 /* with MOST_DIGITS before the point, far within a double */
};

static bool is_continuation(Byte byte) { return (byte & 0xC0) == 0x80; }

/* Returns where a character beyond ASCII ends, or NULL: no overlong form, no surrogate, nothing above
 * U+10FFFF. */
static const Byte *skip_character(const Byte *at, const Byte *end) {
    size_t left = (size_t)(end - at), size;
    if (left >= 2 && at[0] >= 0xC2 && at[0] <= 0xDF) {
        size = 2;
    } else if (left >= 3 && at[0] >= 0xE0 && at[0] <= 0xEF) {
        if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F)) return NULL;
        size = 3;
    } else if (left >= 4 && at[0] >= 0xF0 && at[0] <= 0xF4) {
        if ((at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F)) return NULL;
        size = 4;
    } else {
        return NULL;
    }
    for (size_t i = 1; i < size; i++)
        if (!is_continuation(at[i])) return NULL;
    return at + size;
}

const Byte *skip_code(const Byte *at, const Byte *end, unsigned *code) {
    if (end - at < 4) return NULL;
    *code = 0;
    for (int i = 0; i < 4; i++) {
        Byte byte = *at++;
        unsigned digit;
        if (byte >= '0' && byte <= '9') digit = byte - '0';
        else if (byte >= 'a' && byte <= 'f') digit = byte - 'a' + 10u;
        else if (byte >= 'A' && byte <= 'F') digit = byte - 'A' + 10u;
        else return NULL;
        *code = *code << 4 | digit;
    }
    return at;
}

/* Returns where a character that is spelled by its code ends, behind the `u`, or NULL; a surrogate is
 * read together with its partner. */
static const Byte *skip_coded_character(Reader *reader, const Byte *at) {
    unsigned code, partner;
    at = skip_code(at, reader->end, &code);
    if (at == NULL) return NULL;
    reader->code_escapes++;
    if (code < 0x100) reader->risky_escapes++;
    if (code < 0xD800 || code > 0xDFFF) return at;
    if (code > 0xDBFF || reader->end - at < 2 || at[0] != '\\' || at[1] != 'u') return NULL;
    at = skip_code(at + 2, reader->end, &partner);
    return at != NULL && partner >= 0xDC00 && partner <= 0xDFFF ? at : NULL;
}

/* Returns where what follows a backslash ends, or NULL. */
static const Byte *skip_escape(Reader *reader, const Byte *at) {
    if (at == reader->end) return NULL;
    reader->escapes++;
    switch (*at) {
    case '"': case '\\': case 'n': case 'r': case 't':
        return at + 1;
    case 'b': case 'f': case '/':
        reader->risky_escapes++;
        return at + 1;
    case 'u':
        return skip_coded_character(reader, at + 1);
    default:
        return NULL;
    }
}

/* Passes over blocks in which nothing but line feeds is escaped, as in most of a document. Where the
 * last byte of a block is a backslash, the `n` that belongs to it is plain text of the next one. */
static const Byte *skip_lines(Reader *reader, const Byte *at) {
    Block escapes = {0};
    while (reader->end - at > (ptrdiff_t)sizeof(Block)) {
        Block block = load_block(at), next = load_block(at + 1);
        Block backslashes = block == '\\';
        if (has_mark((block == '"') | (block < ' ') | (backslashes & (next != 'n')))) break;
        escapes |= backslashes;
        at += sizeof(Block);
    }
    if (has_mark(escapes)) reader->escapes++;
    return at;
}

bool read_rest_of_string(Reader *reader, Span *inner) {
    const Byte *at = reader->at, *end = reader->end;
    while (at < end && *at != '"') {
        if (*at == '\\') at = skip_escape(reader, at + 1);
        else if (*at >= 0x80) at = skip_character(at, end);
        else return false; /* a bare control character */
        if (at == NULL) return false;
        at = skip_plain_text(skip_lines(reader, at), end);
    }
    reader->at = inner->end = at;
    return take(reader, '"');
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

bool read_number(Reader *reader) {
    take(reader, '-');
    bool starts_with_zero = is_next(reader, '0');
    size_t digits = skip_digits(reader);
    if (digits == 0 || digits > MOST_DIGITS || (starts_with_zero && digits > 1)) return false;
    if (take(reader, '.') && skip_digits(reader) == 0) return false;
    if (is_next(reader, 'e') || is_next(reader, 'E')) return read_exponent(reader);
    return true;
}

bool read_integer(Reader *reader, int64_t *number) {
    const Byte *start = reader->at;
    if (!read_number(reader)) return false;
    bool is_negative = *start == '-';
    *number = 0;
    for (const Byte *at = start + is_negative; at < reader->at; at++) {
        if (*at < '0' || *at > '9') return false; /* a point or an exponent */
        *number = *number * 10 + (*at - '0');
    }
    if (is_negative) *number = -*number;
    return true;
}

static bool read_word(Reader *reader, const char *word, size_t size) {
    if ((size_t)(reader->end - reader->at) < size || memcmp(reader->at, word, size) != 0)
        return false;
    reader->at += size;
    return true;
}

bool read_null(Reader *reader) { return read_word(reader, "null", 4); }

bool read_boolean(Reader *reader, bool *is_true) {
    *is_true = is_next(reader, 't');
    return *is_true ? read_word(reader, "true", 4) : read_word(reader, "false", 5);
}

static bool read_object(Reader *reader) {
    bool has_item;
    Span key;
    if (!open_items(reader, '{', '}', &has_item)) return false;
    while (has_item)
        if (!read_key(reader, &key) || !read_value(reader) || !next_item(reader, '}', &has_item))
            return false;
    return true;
}

static bool read_array(Reader *reader) {
    bool has_item;
    if (!open_items(reader, '[', ']', &has_item)) return false;
    while (has_item)
        if (!read_value(reader) || !next_item(reader, ']', &has_item)) return false;
    return true;
}

bool read_value(Reader *reader) { /* calls itself as deep as `open_items` allows */
    Span inner;
    if (reader->at == reader->end) return false;
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
