#include "scan.h"
#include "trace_reader.h"

enum { MOST_UNKNOWN = 32 }; /* unknown keys of one object */

static bool read_free_objects(Reader *reader) {
    bool has_item;
    if (!open_items(reader, '[', ']', &has_item)) return false;
    while (has_item) {
        if (!is_next(reader, '{') || !read_value(reader)) return false;
        if (!next_item(reader, ']', &has_item)) return false;
    }
    return true;
}

static bool read_shape(Scan *scan, const Field *field, Value *value) {
    Reader *reader = &scan->reader;
    bool is_trace_plain;
    switch (field->shape) {
    case OBJECT: return read_known_object(scan, field->object);
    case FREE_OBJECT: return is_next(reader, '{') && read_value(reader);
    case FREE_OBJECTS: return read_free_objects(reader);
    case DOCUMENT: return read_document(scan, field, value);
    case TEXTS: return read_texts(scan, field, value);
    case INDICES: return read_indices(scan, field);
    case RESULTS: return read_results(scan, field);
    case TRACE:
        if (!read_trace(reader, &is_trace_plain)) return false;
        if (!is_trace_plain) scan->attempt->is_submission_plain = false;
        return true;
    default: return read_simple(reader, field, value);
    }
}

static bool read_field(Scan *scan, const Field *field) {
    Value *value = &scan->attempt->values[field->use];
    const Byte *start = scan->reader.at;
    if (field->may_be_null && is_next(&scan->reader, 'n')) return read_null(&scan->reader);
    if (!read_shape(scan, field, value)) return false;
    value->is_given = true;
    if (field->shape == OBJECT) value->json = (Span){start, scan->reader.at};
    return true;
}

/* The unknown keys of an object, which are compared with each other. */
typedef struct {
    Span keys[MOST_UNKNOWN];
    size_t count;
} Unknown;

/* Adds a key; returns false if it is there, or there are too many. */
static bool add_unknown(Unknown *unknown, Span key) {
    if (unknown->count == MOST_UNKNOWN) return false;
    for (size_t i = 0; i < unknown->count; i++)
        if (is_same(key, unknown->keys[i].start, length_of(unknown->keys[i]))) return false;
    unknown->keys[unknown->count++] = key;
    return true;
}

static bool read_member(Scan *scan, const ObjectTable *object, uint64_t *seen, Unknown *unknown) {
    Reader *reader = &scan->reader;
    size_t escapes = reader->escapes;
    Span key;
    if (!read_key(reader, &key) || reader->escapes != escapes) return false;
    size_t found = find_field(object, key);
    if (found == MOST_FIELDS) return add_unknown(unknown, key) && read_value(reader);
    uint64_t bit = (uint64_t)1 << found;
    if (*seen & bit) return false;
    *seen |= bit;
    return read_field(scan, &object->fields[found]);
}

/* Reads an object in which no key may come twice and no required one be missing. Tables are no
 * deeper than a record, and one that names itself ends where `open_items` says so. */
bool read_known_object(Scan *scan, size_t number) {
    const ObjectTable *object = &scan->table->objects[number];
    Unknown unknown;
    uint64_t seen = 0;
    bool has_item;
    unknown.count = 0;
    if (!open_items(&scan->reader, '{', '}', &has_item)) return false;
    while (has_item)
        if (!read_member(scan, object, &seen, &unknown) ||
            !next_item(&scan->reader, '}', &has_item))
            return false;
    return (seen & object->required) == object->required;
}

bool scan_record(const RecordTable *table, Span raw, const Constraints *shared,
                 SureAttempt *attempt) {
    memset(attempt, 0, sizeof *attempt);
    for (int use = 0; use < USES; use++) attempt->values[use].json = (Span){raw.start, raw.start};
    attempt->is_prompt_plain = attempt->is_submission_plain = attempt->are_texts_compact = true;
    Scan scan = {0};
    scan.reader = (Reader){raw.start, raw.end, 0, 0, 0, 0};
    scan.table = table;
    scan.attempt = attempt;
    return read_known_object(&scan, 0) && scan.reader.at == raw.end && conclude(&scan, shared);
}
