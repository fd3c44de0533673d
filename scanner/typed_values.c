#include "typed_values.h"

static bool is_within_bounds(const Field *field, int64_t number) {
    return field->minimum <= number && number <= field->maximum;
}

bool read_bounded(Reader *reader, const Field *field, int64_t *number) {
    return read_integer(reader, number) && is_within_bounds(field, *number);
}

/* Reads a number that may have a fraction, but no exponent. Without its fraction it is less than one
 * away, so it must be inside of the bounds. */
static bool read_bounded_number(Reader *reader, const Field *field) {
    Reader whole = *reader;
    int64_t number;
    if (!read_number(reader)) return false;
    const Byte *point = memchr(whole.at, '.', (size_t)(reader->at - whole.at));
    whole.end = point == NULL ? reader->at : point;
    if (!read_integer(&whole, &number) || whole.at != whole.end) return false;
    if (point == NULL) return is_within_bounds(field, number);
    for (const Byte *at = point + 1; at < reader->at; at++)
        if (*at < '0' || *at > '9') return false;
    return field->minimum < number && number < field->maximum;
}

static bool read_text(Reader *reader, const Field *field, Value *value) {
    size_t escapes = reader->escapes;
    if (!read_string(reader, &value->json)) return false;
    value->has_escapes = reader->escapes != escapes;
    return field->may_be_empty || length_of(value->json) > 0;
}

bool read_simple(Reader *reader, const Field *field, Value *value) {
    bool is_true = false;
    switch (field->shape) {
    case TEXT:
    case DOCUMENT:
        return read_text(reader, field, value);
    case INTEGER:
        return read_bounded(reader, field, &value->number);
    case NUMBER:
        return read_bounded_number(reader, field);
    case INTEGER_OR_TEXT:
        if (is_next(reader, '"')) return read_text(reader, field, value);
        return read_bounded(reader, field, &value->number);
    case BOOLEAN:
        if (!read_boolean(reader, &is_true)) return false;
        value->number = is_true;
        return true;
    default:
        return false;
    }
}
