#include "scan.h"

/* Reads a list of indices of constraints into a set. */
bool read_indices(Scan *scan, const Field *field) {
    Reader *reader = &scan->reader;
    ConstraintSet set = 0;
    bool has_item;
    if (!open_items(reader, '[', ']', &has_item)) return false;
    while (has_item) {
        int64_t index;
        if (!read_bounded(reader, field, &index)) return false;
        if (index < 0 || index >= MOST_CONSTRAINTS) return false;
        set |= (ConstraintSet)1 << index;
        if (!next_item(reader, ']', &has_item)) return false;
    }
    if (field->use == CONSTRAINTS_PASSED) scan->fields.listed_passed = set;
    if (field->use == CONSTRAINTS_FAILED) scan->fields.listed_failed = set;
    return true;
}

/* Reads the index that a key of `constraint_results` spells. */
static bool read_index_name(Span name, unsigned *index) {
    size_t length = length_of(name);
    if (length == 0 || length > 2 || (length == 2 && name.start[0] == '0')) return false;
    *index = 0;
    for (const Byte *at = name.start; at < name.end; at++) {
        if (*at < '0' || *at > '9') return false;
        *index = *index * 10 + (unsigned)(*at - '0');
    }
    return *index < MOST_CONSTRAINTS;
}

/* Reads the result of one constraint: an object, or null. */
static bool read_result(Scan *scan, const Field *field, ConstraintSet constraint) {
    Value *passed = &scan->attempt->values[RESULT_PASSED];
    passed->is_given = false;
    if (is_next(&scan->reader, 'n')) return read_null(&scan->reader);
    if (!read_known_object(scan, field->object)) return false;
    if (passed->is_given && passed->number != 0) scan->fields.results_passed |= constraint;
    if (passed->is_given && passed->number == 0) scan->fields.results_failed |= constraint;
    return true;
}

bool read_results(Scan *scan, const Field *field) {
    Reader *reader = &scan->reader;
    ConstraintSet named = 0;
    bool has_item;
    if (!open_items(reader, '{', '}', &has_item)) return false;
    while (has_item) {
        Span name;
        unsigned index;
        if (!read_key(reader, &name) || !read_index_name(name, &index)) return false;
        ConstraintSet constraint = (ConstraintSet)1 << index;
        if (named & constraint) return false;
        named |= constraint;
        if (!read_result(scan, field, constraint) || !next_item(reader, '}', &has_item)) return false;
    }
    return true;
}
