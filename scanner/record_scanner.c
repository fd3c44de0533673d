#include "record_scanner.h"

#include <stdint.h>
#include <string.h>

#include "plain_text.h"

enum { MOST_UNKNOWN = 32 }; /* unknown keys of one object, which are compared with each other */

typedef struct {
    Reader reader;
    const RecordTable *table;
    ScannedRecord *scanned;
    size_t room;
} Scan;

static size_t length_of(Span span) { return (size_t)(span.end - span.start); }

static bool is_same(Span span, const Byte *text, size_t length) {
    return length_of(span) == length && (length == 0 || memcmp(span.start, text, length) == 0);
}

static size_t slot_of(Span name) {
    size_t length = length_of(name);
    if (length == 0) return 0;
    const Byte *text = name.start;
    return (length * 17 + text[0] * 3u + text[length / 2] * 29u + text[length - 1] * 7u) % SLOTS;
}

/* Returns the number of the field of that name, or MOST_FIELDS. */
static size_t find_field(const ObjectTable *object, Span name) {
    size_t slot = slot_of(name);
    for (size_t tried = 0; tried < SLOTS && object->slots[slot] != 0; tried++) {
        size_t number = object->slots[slot] - 1u;
        const Field *field = &object->fields[number];
        if (is_same(name, field->name, field->length)) return number;
        slot = (slot + 1) % SLOTS;
    }
    return MOST_FIELDS;
}

bool add_field(RecordTable *table, size_t object, Span name, Action action, size_t inner) {
    if (object >= MOST_OBJECTS || inner >= MOST_OBJECTS || action >= ACTIONS) return false;
    ObjectTable *owner = &table->objects[object];
    size_t length = length_of(name);
    if (owner->count >= MOST_FIELDS || length == 0 || length > LONGEST_NAME) return false;
    if (find_field(owner, name) < MOST_FIELDS) return false;
    Field *field = &owner->fields[owner->count];
    memcpy(field->name, name.start, length);
    field->length = (unsigned char)length;
    field->action = action;
    field->object = (unsigned char)inner;
    size_t slot = slot_of(name);
    while (owner->slots[slot] != 0) slot = (slot + 1) % SLOTS; /* there are more than fields */
    owner->slots[slot] = (unsigned char)++owner->count;
    return true;
}

static bool put(Scan *scan, const void *bytes, size_t size) {
    ScannedRecord *scanned = scan->scanned;
    if (size > scan->room - scanned->size) return false;
    memcpy(scanned->kept + scanned->size, bytes, size);
    scanned->size += size;
    return true;
}

static bool put_span(Scan *scan, Span span) { return put(scan, span.start, length_of(span)); }

/* Reads a value and sets `value` to where it stands. */
static bool read_span(Scan *scan, Span *value) {
    value->start = scan->reader.at;
    bool is_read = read_value(&scan->reader);
    value->end = scan->reader.at;
    return is_read;
}

static bool keep(Scan *scan) {
    Span value;
    return read_span(scan, &value) && put_span(scan, value);
}

static bool keep_free(Scan *scan) {
    if (!is_next(&scan->reader, '{')) return read_null(&scan->reader) && put(scan, "null", 4);
    return read_value(&scan->reader) && put(scan, "{}", 2);
}

/* Looks at a document or at the texts beside it; what is not plain may still be safe. */
static void look_at_prompt(Scan *scan, Span json, size_t risky_escapes_before) {
    bool is_safe = scan->reader.risky_escapes == risky_escapes_before && is_plain(json);
    scan->scanned->is_prompt_plain = scan->scanned->is_prompt_plain && is_safe;
}

static bool keep_texts(Scan *scan) {
    size_t risky_escapes = scan->reader.risky_escapes;
    Span texts;
    if (!read_span(scan, &texts)) return false;
    look_at_prompt(scan, texts, risky_escapes);
    return put_span(scan, texts);
}

static bool keep_document(Scan *scan) {
    size_t risky_escapes = scan->reader.risky_escapes;
    Span document, inner;
    document.start = scan->reader.at;
    if (!read_string(&scan->reader, &inner) || length_of(inner) == 0) return false;
    document.end = scan->reader.at;
    look_at_prompt(scan, document, risky_escapes);
    scan->scanned->document = document;
    return put(scan, "\"\xff\"", 3);
}

/* How the values of a trace are read, which become text that is looked at as a whole. */
typedef struct {
    Reader *reader;
    bool is_plain;
} TraceLook;

static bool read_step_value(TraceLook *look);

static bool read_step_text(TraceLook *look, Span *inner) {
    if (!read_string(look->reader, inner)) return false;
    if (ends_in_instruction(*inner)) look->is_plain = false; /* a bracket may follow in the text */
    return true;
}

/* Reads what stands under a key. Text shows two words of a provenance, which have a fixed form. */
static bool read_step_field(TraceLook *look, Span key) {
    Reader *reader = look->reader;
    if (!is_same(key, (const Byte *)"quote_match", 11) &&
        !is_same(key, (const Byte *)"semantic_zone", 13))
        return read_step_value(look);
    if (is_next(reader, 'n')) return read_null(reader);
    Span word;
    if (!is_next(reader, '"') || !read_string(reader, &word)) return false;
    if (!is_word(word) || ends_in_instruction(word)) look->is_plain = false;
    return true;
}

static bool read_step_object(TraceLook *look) {
    Reader *reader = look->reader;
    if (!enter(reader, '{')) return false;
    skip_space(reader);
    if (leave(reader, '}')) return true;
    do {
        skip_space(reader);
        Span key;
        if (!read_step_text(look, &key)) return false;
        skip_space(reader);
        if (!take(reader, ':')) return false;
        skip_space(reader);
        if (!read_step_field(look, key)) return false;
        skip_space(reader);
    } while (take(reader, ','));
    return leave(reader, '}');
}

/* Reads an array, of steps if `is_trace`: these are objects. */
static bool read_step_array(TraceLook *look, bool is_trace) {
    Reader *reader = look->reader;
    if (!enter(reader, '[')) return false;
    skip_space(reader);
    if (leave(reader, ']')) return true;
    do {
        skip_space(reader);
        if (is_trace && !is_next(reader, '{')) return false;
        if (!read_step_value(look)) return false;
        skip_space(reader);
    } while (take(reader, ','));
    return leave(reader, ']');
}

static bool read_step_value(TraceLook *look) { /* calls itself as deep as `enter` allows */
    Span inner;
    if (is_next(look->reader, '"')) return read_step_text(look, &inner);
    if (is_next(look->reader, '{')) return read_step_object(look);
    if (is_next(look->reader, '[')) return read_step_array(look, false);
    return read_value(look->reader);
}

static bool keep_trace(Scan *scan) {
    size_t escapes = scan->reader.escapes;
    TraceLook look = {&scan->reader, true};
    Span trace;
    trace.start = scan->reader.at;
    if (!read_step_array(&look, true)) return false;
    trace.end = scan->reader.at;
    scan->scanned->trace = trace;
    scan->scanned->is_trace_plain =
        look.is_plain && scan->reader.escapes == escapes && is_plain(trace);
    return put(scan, "[]", 2);
}

static bool keep_object(Scan *scan, size_t number);

static bool keep_field(Scan *scan, const Field *field) {
    switch (field->action) {
    case KEEP: return keep(scan);
    case FREE: return keep_free(scan);
    case DOCUMENT: return keep_document(scan);
    case TEXTS: return keep_texts(scan);
    case TRACE: return keep_trace(scan);
    case OBJECT:
        if (is_next(&scan->reader, '{')) return keep_object(scan, field->object);
        return read_null(&scan->reader) && put(scan, "null", 4);
    default: return false;
    }
}

/* Reads an object in which no key may come twice, and keeps its known fields. Tables are no deeper
 * than a record, and one that names itself ends where `enter` says so. */
static bool keep_object(Scan *scan, size_t number) {
    const ObjectTable *object = &scan->table->objects[number];
    Reader *reader = &scan->reader;
    Span unknown[MOST_UNKNOWN];
    size_t unknown_count = 0;
    uint64_t seen = 0;
    if (!enter(reader, '{') || !put(scan, "{", 1)) return false;
    skip_space(reader);
    if (leave(reader, '}')) return put(scan, "}", 1);
    do {
        size_t escapes = reader->escapes;
        Span key;
        if (!read_key(reader, &key) || reader->escapes != escapes) return false;
        size_t found = find_field(object, key);
        if (found < MOST_FIELDS) {
            if (seen >> found & 1) return false;
            if (seen != 0 && !put(scan, ",", 1)) return false;
            seen |= (uint64_t)1 << found;
            Span quoted = {key.start - 1, key.end + 1}; /* `read_string` passed over both */
            if (!put_span(scan, quoted) || !put(scan, ":", 1)) return false;
            if (!keep_field(scan, &object->fields[found])) return false;
        } else {
            if (unknown_count == MOST_UNKNOWN) return false;
            for (size_t i = 0; i < unknown_count; i++)
                if (is_same(key, unknown[i].start, length_of(unknown[i]))) return false;
            unknown[unknown_count++] = key;
            if (!read_value(reader)) return false;
        }
        skip_space(reader);
    } while (take(reader, ','));
    return leave(reader, '}') && put(scan, "}", 1);
}

bool scan_record(const RecordTable *table, Span raw, Byte *kept, size_t room,
                 ScannedRecord *scanned) {
    Span nothing = {raw.start, raw.start};
    *scanned = (ScannedRecord){kept, 0, nothing, nothing, true, false};
    Scan scan = {{raw.start, raw.end, 0, 0, 0}, table, scanned, room};
    return is_next(&scan.reader, '{') && keep_object(&scan, 0) && scan.reader.at == raw.end;
}
