#include "trace_text.h"

#include <string.h>

enum {
    MOST_DIGITS = 18,        /* of an integer; as in json_reader.c */
    MOST_DIGITS_KEPT = 15,   /* a double prints as many as it was spelled with */
    MOST_ZEROS = 5           /* behind the point of a number that is printed without exponent */
};

typedef struct {
    const char *text;
    size_t length;
} Name;

/* The fields of a step that its line may show. */
enum { ACTION, ENTITY, ATTRIBUTE, VALUE, SOURCE, PROVENANCE, OPERATION, INPUTS, RESULT, NOTE, STEP_FIELDS };
static const Name STEP_NAMES[STEP_FIELDS] = {
    {"action", 6}, {"targetEntity", 12}, {"attribute", 9}, {"valueExtracted", 14}, {"source", 6},
    {"coordinator_provenance", 22}, {"operation", 9}, {"inputs", 6}, {"result", 6}, {"note", 4},
};

/* And those of the provenance. */
enum { QUOTE_MATCH, ZONE, PROVENANCE_FIELDS };
static const Name PROVENANCE_NAMES[PROVENANCE_FIELDS] = {{"quote_match", 11}, {"semantic_zone", 13}};

static bool is_name(Span text, Name name) { return is_same(text, name.text, name.length); }

static bool is_there(Span json) { return json.start != NULL; }

static bool is_there_and_not_null(Span json) { return is_there(json) && *json.start != 'n'; }

static bool starts_with(Span json, Byte byte) { return is_there(json) && *json.start == byte; }

/* Returns what stands between the quotes of a string. */
static Span inner_of(Span string) { return (Span){string.start + 1, string.end - 1}; }

static bool has_escape(Span inner) {
    return length_of(inner) > 0 && memchr(inner.start, '\\', length_of(inner)) != NULL;
}

/* Reads an object, and sets `values` to the JSON under these names; NULL where there is none. */
static bool read_fields(Reader *reader, const Name *names, size_t count, Span *values) {
    for (size_t i = 0; i < count; i++) values[i] = (Span){NULL, NULL};
    bool has_item;
    if (!open_items(reader, '{', '}', &has_item)) return false;
    while (has_item) {
        size_t escapes = reader->escapes;
        Span key, value;
        if (!read_key(reader, &key) || reader->escapes != escapes) return false;
        value.start = reader->at;
        if (!read_value(reader)) return false;
        value.end = reader->at;
        size_t found = 0;
        while (found < count && !is_name(key, names[found])) found++;
        if (found < count) {
            if (is_there(values[found])) return false; /* twice */
            values[found] = value;
        }
        if (!next_item(reader, '}', &has_item)) return false;
    }
    return true;
}

static bool put(Text *text, const void *bytes, size_t size) {
    if (size > text->room - text->size) return false;
    memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
    return true;
}

static bool put_words(Text *text, const char *words) { return put(text, words, strlen(words)); }

static bool put_span(Text *text, Span span) { return put(text, span.start, length_of(span)); }

static bool put_character(Text *text, unsigned code) {
    if (code < 0x80) return put(text, &(Byte){(Byte)code}, 1);
    Byte last = (Byte)(0x80 | (code & 0x3F)), third = (Byte)(0x80 | (code >> 6 & 0x3F));
    if (code < 0x800) return put(text, (Byte[]){(Byte)(0xC0 | code >> 6), last}, 2);
    if (code < 0x10000) return put(text, (Byte[]){(Byte)(0xE0 | code >> 12), third, last}, 3);
    Byte second = (Byte)(0x80 | (code >> 12 & 0x3F));
    return put(text, (Byte[]){(Byte)(0xF0 | code >> 18), second, third, last}, 4);
}

/* Reads what follows a backslash, if that is no line break, and returns where it ends, or NULL. */
static const Byte *read_escape(const Byte *at, const Byte *end, unsigned *code) {
    if (at == end) return NULL;
    switch (*at++) {
    case '"': *code = '"'; return at;
    case '\\': *code = '\\'; return at;
    case '/': *code = '/'; return at;
    case 't': *code = '\t'; return at;
    case 'b': *code = '\b'; return at;
    case 'f': *code = '\f'; return at;
    case 'u': break;
    default: return NULL;
    }
    unsigned partner;
    at = skip_code(at, end, code);
    if (at == NULL || *code == '\n' || *code == '\r') return NULL;
    if (*code < 0xD800 || *code > 0xDFFF) return at;
    if (*code > 0xDBFF || end - at < 2 || at[0] != '\\' || at[1] != 'u') return NULL;
    at = skip_code(at + 2, end, &partner);
    if (at == NULL || partner < 0xDC00 || partner > 0xDFFF) return NULL;
    *code = 0x10000 + ((*code - 0xD800) << 10) + (partner - 0xDC00);
    return at;
}

/* Writes what a string spells, if that has no line break. */
static bool put_string(Text *text, Span string) {
    Span inner = inner_of(string);
    if (!has_escape(inner)) return put_span(text, inner);
    const Byte *at = inner.start;
    while (at < inner.end) {
        unsigned code;
        if (*at != '\\') {
            if (!put(text, at++, 1)) return false;
        } else {
            at = read_escape(at + 1, inner.end, &code);
            if (at == NULL || !put_character(text, code)) return false;
        }
    }
    return true;
}

static size_t count_digits(const Byte *at, const Byte *end) {
    const Byte *start = at;
    while (at < end && *at >= '0' && *at <= '9') at++;
    return (size_t)(at - start);
}

/* Returns whether a number is printed as it is spelled: contract/numbers.py, `to_text`. */
static bool is_printed_as_spelled(Span number) {
    bool is_negative = *number.start == '-';
    const Byte *at = number.start + is_negative;
    bool starts_with_zero = *at == '0';
    size_t whole = count_digits(at, number.end);
    at += whole;
    if (at == number.end) return whole <= MOST_DIGITS && !(is_negative && starts_with_zero);
    if (*at++ != '.') return false;
    size_t fraction = count_digits(at, number.end);
    if (at + fraction != number.end || number.end[-1] == '0') return false;
    size_t zeros = 0;
    while (zeros < fraction && at[zeros] == '0') zeros++;
    return whole + fraction <= MOST_DIGITS_KEPT && (!starts_with_zero || zeros <= MOST_ZEROS);
}

static bool put_value(Text *text, Span json) {
    if (!is_there(json)) return put_words(text, "null");
    switch (*json.start) {
    case '"': return put_string(text, json);
    case '[': case '{': return false;
    case 't': case 'f': case 'n': return put_span(text, json);
    default: return is_printed_as_spelled(json) && put_span(text, json);
    }
}

static bool put_field(Text *text, const char *before, Span json) {
    return put_words(text, before) && put_value(text, json);
}

/* Writes the tier in lower case, which is known of ASCII letters alone. */
static bool put_tier(Text *text, Span string) {
    if (!put_words(text, " | ")) return false;
    Span inner = inner_of(string);
    for (const Byte *at = inner.start; at < inner.end; at++) {
        if (*at >= 0x80 || *at == '\\') return false;
        Byte lower = *at >= 'A' && *at <= 'Z' ? *at | 0x20 : *at;
        if (!put(text, &lower, 1)) return false;
    }
    return true;
}

static bool is_text(Span json) { return starts_with(json, '"') && length_of(json) > 2; }

static bool put_provenance(Text *text, Span json) {
    if (!starts_with(json, '{')) return true;
    Reader reader = {.at = json.start, .end = json.end};
    Span fields[PROVENANCE_FIELDS];
    if (!read_fields(&reader, PROVENANCE_NAMES, PROVENANCE_FIELDS, fields)) return false;
    if (is_text(fields[QUOTE_MATCH]) && !put_tier(text, fields[QUOTE_MATCH])) return false;
    return !is_text(fields[ZONE]) || put_field(text, " | zone:", fields[ZONE]);
}

static bool put_inputs(Text *text, Span json) {
    if (!is_there(json)) return true;
    if (!starts_with(json, '[')) return put_value(text, json);
    Reader reader = {.at = json.start, .end = json.end};
    const char *before = "";
    bool has_item;
    if (!open_items(&reader, '[', ']', &has_item)) return false;
    while (has_item) {
        Span value = {reader.at, reader.at};
        if (!read_value(&reader)) return false;
        value.end = reader.at;
        if (!put_field(text, before, value)) return false;
        before = ",";
        if (!next_item(&reader, ']', &has_item)) return false;
    }
    return true;
}

static bool put_note(Text *text, const char *before, Span note) {
    return !is_there_and_not_null(note) || put_field(text, before, note);
}

static bool put_extract(Text *text, const Span *step) {
    return put_field(text, "> extract: ", step[ENTITY]) &&
           put_field(text, " | ", step[ATTRIBUTE]) && put_field(text, " | ", step[VALUE]) &&
           put_field(text, " | ", step[SOURCE]) && put_provenance(text, step[PROVENANCE]) &&
           put_note(text, " | note: ", step[NOTE]);
}

static bool put_compute(Text *text, const Span *step) {
    return put_field(text, "> compute: ", step[OPERATION]) && put_words(text, " | inputs=[") &&
           put_inputs(text, step[INPUTS]) && put_field(text, "] | result=", step[RESULT]) &&
           put_note(text, " | note: ", step[NOTE]);
}

/* Writes a step of another action by its note; one without a note shows all of its fields. */
static bool put_other(Text *text, const Span *step) {
    return is_there_and_not_null(step[NOTE]) && put_field(text, "> ", step[ACTION]) &&
           put_words(text, ":") && put_note(text, " ", step[NOTE]);
}

static bool put_step(Text *text, Reader *reader) {
    Span step[STEP_FIELDS];
    if (!read_fields(reader, STEP_NAMES, STEP_FIELDS, step)) return false;
    if (!starts_with(step[ACTION], '"')) return false;
    Span action = inner_of(step[ACTION]);
    if (has_escape(action)) return false; /* it may spell a known one */
    if (is_name(action, (Name){"extract_fact", 12})) return put_extract(text, step);
    if (is_name(action, (Name){"compute_logic", 13})) return put_compute(text, step);
    return put_other(text, step);
}

bool write_trace_text(Span trace, Text *text) {
    Reader reader = {.at = trace.start, .end = trace.end};
    const char *before = "";
    bool has_item;
    if (!open_items(&reader, '[', ']', &has_item)) return false;
    while (has_item) {
        if (!put_words(text, before) || !put_step(text, &reader)) return false;
        before = "\n";
        if (!next_item(&reader, ']', &has_item)) return false;
    }
    return reader.at == trace.end;
}
