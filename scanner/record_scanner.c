#include "record_scanner.h"

#include "plain_text.h"
#include "timestamps.h"
#include "trace_reader.h"

enum { MOST_UNKNOWN = 32 }; /* unknown keys of one object, which are compared with each other */

typedef struct {
    Reader reader;
    const RecordTable *table;
    ScannedAttempt *attempt;
    OutcomeFields fields;
    Constraints constraints; /* its own */
} Scan;

static bool read_object(Scan *scan, size_t number);

/* Notes whether a document or texts beside it are plain; what is not may still be safe. */
static void look_at_prompt(Scan *scan, Span json, size_t risky_escapes_before) {
    if (scan->reader.risky_escapes != risky_escapes_before || !is_plain(json))
        scan->attempt->is_prompt_plain = false;
}

static bool read_document(Scan *scan, const Field *field, Value *value) {
    size_t risky_escapes = scan->reader.risky_escapes;
    const Byte *start = scan->reader.at;
    if (!read_simple(&scan->reader, field, value)) return false;
    value->json = (Span){start, scan->reader.at}; /* with its quotes */
    look_at_prompt(scan, value->json, risky_escapes);
    return true;
}

/* Sets whether a text is advice; returns false if it might spell the word by codes. */
static bool tell_tip(Span text, bool *is_tip) {
    static const char TIP[] = "Tip:"; /* as in outcomes.py */
    size_t same = 0, size = sizeof TIP - 1;
    while (same < size && same < length_of(text) && text.start[same] == (Byte)TIP[same]) same++;
    *is_tip = same == size;
    bool is_escape = !*is_tip && same < length_of(text) && text.start[same] == '\\';
    return !is_escape || text.start[same + 1] != 'u'; /* a backslash is never the last byte */
}

/* Reads a list of texts; sets their number, and how many bytes they have with their quotes. */
static bool read_list_of_texts(Reader *reader, Constraints *texts, size_t *size) {
    *texts = (Constraints){0, 0};
    *size = 0;
    if (!enter(reader, '[')) return false;
    skip_space(reader);
    if (leave(reader, ']')) return true;
    do {
        skip_space(reader);
        Span text;
        bool is_tip;
        if (!read_string(reader, &text) || !tell_tip(text, &is_tip)) return false;
        texts->count++;
        if (!is_tip) texts->not_tips++;
        *size += length_of(text) + 2;
        skip_space(reader);
    } while (take(reader, ','));
    return leave(reader, ']');
}

/* Texts are digested as msgspec spells them: no spaces between them, and no character by its code
 * or escaped without need. */
static bool read_texts(Scan *scan, const Field *field, Value *value) {
    Reader *reader = &scan->reader;
    Reader before = *reader;
    Constraints texts;
    size_t size;
    if (!read_list_of_texts(reader, &texts, &size)) return false;
    value->json = (Span){before.at, reader->at};
    look_at_prompt(scan, value->json, before.risky_escapes);
    size_t commas = texts.count > 0 ? texts.count - 1 : 0;
    if (length_of(value->json) != size + commas + 2 ||
        reader->risky_escapes != before.risky_escapes ||
        reader->code_escapes != before.code_escapes)
        scan->attempt->are_texts_compact = false;
    if (field->use == CONSTRAINTS) scan->constraints = texts;
    return true;
}

/* Reads a list of indices of constraints into a set. */
static bool read_indices(Scan *scan, const Field *field) {
    Reader *reader = &scan->reader;
    ConstraintSet set = 0;
    if (!enter(reader, '[')) return false;
    skip_space(reader);
    if (!leave(reader, ']')) {
        do {
            int64_t index;
            skip_space(reader);
            if (!read_bounded(reader, field, &index)) return false;
            if (index < 0 || index >= MOST_CONSTRAINTS) return false;
            set |= (ConstraintSet)1 << index;
            skip_space(reader);
        } while (take(reader, ','));
        if (!leave(reader, ']')) return false;
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
    if (!read_object(scan, field->object)) return false;
    if (passed->is_given && passed->number != 0) scan->fields.results_passed |= constraint;
    if (passed->is_given && passed->number == 0) scan->fields.results_failed |= constraint;
    return true;
}

static bool read_results(Scan *scan, const Field *field) {
    Reader *reader = &scan->reader;
    ConstraintSet named = 0;
    if (!enter(reader, '{')) return false;
    skip_space(reader);
    if (leave(reader, '}')) return true;
    do {
        Span name;
        unsigned index;
        if (!read_key(reader, &name) || !read_index_name(name, &index)) return false;
        ConstraintSet constraint = (ConstraintSet)1 << index;
        if (named & constraint) return false;
        named |= constraint;
        if (!read_result(scan, field, constraint)) return false;
        skip_space(reader);
    } while (take(reader, ','));
    return leave(reader, '}');
}

static bool read_free_objects(Reader *reader) {
    if (!enter(reader, '[')) return false;
    skip_space(reader);
    if (leave(reader, ']')) return true;
    do {
        skip_space(reader);
        if (!is_next(reader, '{') || !read_value(reader)) return false;
        skip_space(reader);
    } while (take(reader, ','));
    return leave(reader, ']');
}

static bool read_shape(Scan *scan, const Field *field, Value *value) {
    Reader *reader = &scan->reader;
    bool is_trace_plain;
    switch (field->shape) {
    case OBJECT: return read_object(scan, field->object);
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

/* Reads an object in which no key may come twice and no required one be missing. Tables are no
 * deeper than a record, and one that names itself ends where `enter` says so. */
static bool read_object(Scan *scan, size_t number) {
    const ObjectTable *object = &scan->table->objects[number];
    Reader *reader = &scan->reader;
    Span unknown[MOST_UNKNOWN];
    size_t unknown_count = 0;
    uint64_t seen = 0;
    if (!enter(reader, '{')) return false;
    skip_space(reader);
    if (leave(reader, '}')) return object->required == 0;
    do {
        size_t escapes = reader->escapes;
        Span key;
        if (!read_key(reader, &key) || reader->escapes != escapes) return false;
        size_t found = find_field(object, key);
        if (found < MOST_FIELDS) {
            if (seen >> found & 1) return false;
            seen |= (uint64_t)1 << found;
            if (!read_field(scan, &object->fields[found])) return false;
        } else {
            if (unknown_count == MOST_UNKNOWN) return false;
            for (size_t i = 0; i < unknown_count; i++)
                if (is_same(key, unknown[i].start, length_of(unknown[i]))) return false;
            unknown[unknown_count++] = key;
            if (!read_value(reader)) return false;
        }
        skip_space(reader);
    } while (take(reader, ','));
    return leave(reader, '}') && (seen & object->required) == object->required;
}

/* Returns whether the texts that are handed on, or compared, are spelled without escapes. */
static bool are_ids_plain(const Value *values) {
    static const Use IDS[] = {RECORD_ID, CHALLENGE_ID, MINER_ID, OPERATOR, RIG, MODEL,
                              MODEL_VERSION, MODEL_VERSION_IN_CAMEL_CASE, ACCEPTANCE_PATH,
                              TIMESTAMP};
    for (size_t i = 0; i < sizeof IDS / sizeof *IDS; i++)
        if (values[IDS[i]].has_escapes) return false;
    return true;
}

static bool is_credited(const Value *values) {
    const Value *eligible = &values[CREDIT_ELIGIBLE], *path = &values[ACCEPTANCE_PATH];
    return values[PASSED].number != 0 && !(eligible->is_given && eligible->number == 0) &&
           !(path->is_given && is_same(path->json, "A", 1));
}

static unsigned lacks(const Value *values) {
    return (values[CHALLENGE_SEED].is_given ? 0u : SEED) |
           (values[CHALLENGE_DOMAIN].is_given ? 0u : DOMAIN) |
           (values[TRAP_METADATA].is_given ? 0u : TRAPS) |
           (values[CHALLENGE_CONTEXT].is_given ? 0u : CONTEXT);
}

static Count count_of(const Value *value) { return (Count){value->is_given, value->number}; }

/* Decides the outcomes; false if there are too many constraints. */
static bool decide_outcomes(Scan *scan, const Constraints *shared) {
    ScannedAttempt *attempt = scan->attempt;
    const Value *values = attempt->values;
    const Constraints *constraints = values[CHALLENGE_CONTEXT].is_given ? &scan->constraints : shared;
    attempt->outcomes = (Outcomes){NO_PROBLEM, 0};
    if (constraints == NULL) return true;
    OutcomeFields *fields = &scan->fields;
    fields->is_passed = values[PASSED].number != 0;
    fields->is_credited = attempt->is_credited;
    fields->has_listed_passed = values[CONSTRAINTS_PASSED].is_given;
    fields->has_listed_failed = values[CONSTRAINTS_FAILED].is_given;
    fields->total = count_of(&values[CONSTRAINT_TOTAL]);
    fields->pass_count = count_of(&values[CONSTRAINT_PASS_COUNT]);
    fields->fail_count = count_of(&values[CONSTRAINT_FAIL_COUNT]);
    if (constraints->count > MOST_CONSTRAINTS) return false;
    attempt->outcomes = constraint_outcomes(fields, *constraints);
    return true;
}

/* Concludes what follows from all fields together. */
static bool conclude(Scan *scan, const Constraints *shared) {
    ScannedAttempt *attempt = scan->attempt;
    const Value *values = attempt->values;
    const Value *artifact = &values[ARTIFACT], *submitted_at = &values[ATTEMPT_SUBMITTED_AT];
    if (!are_ids_plain(values)) return false;
    if (artifact->has_escapes || !is_plain(artifact->json) || has_line_separator(artifact->json))
        attempt->is_submission_plain = false;
    attempt->is_credited = is_credited(values);
    attempt->lacks = lacks(values);
    attempt->submitted_at = submitted_at->is_given ? submitted_at->number : NO_TIME;
    attempt->timestamp = NO_TIME;
    if (values[TIMESTAMP].is_given && !read_timestamp(values[TIMESTAMP].json, &attempt->timestamp))
        return false;
    return decide_outcomes(scan, shared);
}

bool scan_record(const RecordTable *table, Span raw, const Constraints *shared,
                 ScannedAttempt *attempt) {
    memset(attempt, 0, sizeof *attempt);
    for (int use = 0; use < USES; use++) attempt->values[use].json = (Span){raw.start, raw.start};
    attempt->is_prompt_plain = attempt->is_submission_plain = attempt->are_texts_compact = true;
    Scan scan = {0};
    scan.reader = (Reader){raw.start, raw.end, 0, 0, 0, 0};
    scan.table = table;
    scan.attempt = attempt;
    return read_object(&scan, 0) && scan.reader.at == raw.end && conclude(&scan, shared);
}
