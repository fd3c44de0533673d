#include "trace_reader.h"

#include "plain_text.h"

/* How the values of a trace are read, which become text that is looked at as a whole. */
typedef struct {
    Reader *reader;
    bool is_plain;
} TraceLook;

static bool read_step_value(TraceLook *look);

/* Looks at a text behind which a bracket may follow once it is written out. */
static void look_at_end(TraceLook *look, Span text) {
    if (ends_in_instruction(text)) look->is_plain = false;
}

/* Reads one of two words of a provenance, or null: trace text shows these as they are. */
static bool read_provenance_word(TraceLook *look) {
    Span word;
    if (is_next(look->reader, 'n')) return read_null(look->reader);
    if (!read_string(look->reader, &word)) return false;
    look_at_end(look, word);
    if (!is_word(word)) look->is_plain = false;
    return true;
}

static bool read_step_object(TraceLook *look) {
    bool has_item;
    if (!open_items(look->reader, '{', '}', &has_item)) return false;
    while (has_item) {
        Span key;
        if (!read_key(look->reader, &key)) return false;
        look_at_end(look, key);
        bool is_shown = is_same(key, "quote_match", 11) || is_same(key, "semantic_zone", 13);
        if (!(is_shown ? read_provenance_word(look) : read_step_value(look))) return false;
        if (!next_item(look->reader, '}', &has_item)) return false;
    }
    return true;
}

/* Reads an array, of steps if `is_trace`: these are objects. */
static bool read_step_array(TraceLook *look, bool is_trace) {
    bool has_item;
    if (!open_items(look->reader, '[', ']', &has_item)) return false;
    while (has_item) {
        if (is_trace && !is_next(look->reader, '{')) return false;
        if (!read_step_value(look) || !next_item(look->reader, ']', &has_item)) return false;
    }
    return true;
}

static bool read_step_value(TraceLook *look) { /* calls itself as deep as `open_items` allows */
    Span text;
    if (is_next(look->reader, '{')) return read_step_object(look);
    if (is_next(look->reader, '[')) return read_step_array(look, false);
    if (!is_next(look->reader, '"')) return read_value(look->reader);
    if (!read_string(look->reader, &text)) return false;
    look_at_end(look, text);
    return true;
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
