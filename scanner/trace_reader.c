#include "trace_reader.h"

#include "plain_text.h"

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
    if (!is_same(key, "quote_match", 11) &&
        !is_same(key, "semantic_zone", 13))
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

bool read_trace(Reader *reader, bool *is_trace_plain) {
    size_t escapes = reader->escapes;
    TraceLook look = {reader, true};
    Span trace = {reader->at, NULL};
    if (!read_step_array(&look, true)) return false;
    trace.end = reader->at;
    *is_trace_plain = look.is_plain && reader->escapes == escapes && is_plain(trace);
    return true;
}
