/* Feeds damaged records, and the traces of accepted ones, to the scanner, guided by coverage; see
 * __main__.py, which compiles this.
 *
 * fuzz SECONDS SEED FILE...   each file is a record to start from
 *
 * Compiled with AddressSanitizer and UndefinedBehaviorSanitizer: each record lies in memory of its
 * own size, so that one byte too far ends the program. GCC calls
 * `__sanitizer_cov_trace_pc` at each branch; a record that takes a new way is kept and damaged more.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "record_scanner.h"
#include "trace_text.h"

enum { LONGEST = 4096, MOST_RECORDS = 4096, MAP = 1 << 13 };

typedef struct {
    Byte *bytes;
    size_t size;
} Record;

static Record corpus[MOST_RECORDS];
static size_t corpus_size;
static bool is_known[MAP], is_taken[MAP];
static uint16_t taken[MAP]; /* the ways that were taken, each once */
static size_t taken_count;
static uintptr_t previous_place;
static uint64_t state;
static RecordTable table;

void __sanitizer_cov_trace_pc(void);

void __sanitizer_cov_trace_pc(void) { /* of the scanner alone; this file is compiled without */
    uintptr_t place = (uintptr_t)__builtin_return_address(0);
    uint16_t way = (uint16_t)((place ^ (previous_place >> 1)) % MAP);
    if (!is_taken[way]) taken[taken_count++] = way;
    is_taken[way] = true;
    previous_place = place;
}

static uint64_t random_below(uint64_t limit) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % limit;
}

static const char *const PIECES[] = {
    "\"", "\\", "\\\"", "\\\\", "{", "}", "[", "]", ",", ":", "{}", "[]", "null", "true", "false",
    "-", "0", "-0", "1e9", "1.5", "1e309", "123456789012345678", "18446744073709551615", "\\u0000",
    "\\ud83d\\ude00", "\\ud83d", "\\ude00", "\\/", "\\b", "\xc3\xa9", "\xe2\x80\xa8", "\xed\xa0\x80",
    "\xf0\x9f\x98\x80", "\xf4\x90\x80\x80", "\xc0\x80", "\xff", "<", "inst", "INST ]", "\"a\":1,",
    "\"a\":1,\"a\":1,", "\"document\":\"x\",", "\"quote_match\":\"EXACT\",", "\"semantic_zone\":1,",
    "\"coordinator_provenance\":", "\"reasoning_trace\":[{", "[[[[[[[[[[[[[[[[", "]]]]]]]]]]]]]]]]",
    "{\"a\":{\"a\":{\"a\":", "\"constraint_results\":{", "\"0\":{\"pass\":true},",
    "\"63\":null,", "\"64\":{},", "\"constraints_failed\":[0,63],", "\"constraints_passed\":[64],",
    "Tip:", "\\u0054ip:", "\"2026-03-20T10:00:00", "-23:59\"", "0000-02-29T", ".123456789Z",
    "9007199254740991", "-9007199254740992", "9007199254740990.5", "\"pass\":true,", "\"trace_stats\":{", "\"submission\":{", " ", "\n", "\t", "\x1f",
};

static size_t replace(Byte *bytes, size_t size, size_t at, size_t gone, const void *piece, size_t more) {
    if (gone > size - at) gone = size - at;
    if (size - gone + more > LONGEST) return size;
    memmove(bytes + at + more, bytes + at + gone, size - at - gone);
    memcpy(bytes + at, piece, more);
    return size - gone + more;
}

static size_t damage(Byte *bytes, size_t size) {
    for (uint64_t left = 1 + random_below(3); left > 0; left--) {
        size_t at = (size_t)random_below(size + 1);
        Byte other[256];
        const char *piece = PIECES[random_below(sizeof PIECES / sizeof *PIECES)];
        switch (random_below(7)) {
        case 0: /* a byte changes */
            if (at < size) bytes[at] = (Byte)random_below(256);
            break;
        case 1: /* something known comes in */
            size = replace(bytes, size, at, 0, piece, strlen(piece));
            break;
        case 2: /* or takes a place */
            size = replace(bytes, size, at, (size_t)random_below(24), piece, strlen(piece));
            break;
        case 3: /* bytes go */
            size = replace(bytes, size, at, (size_t)random_below(64), "", 0);
            break;
        case 4: /* the end goes */
            if (random_below(8) == 0) size = at;
            break;
        default: { /* a part of another record, or of this one, comes in */
            const Record *from = &corpus[random_below(corpus_size)];
            size_t start = (size_t)random_below(from->size + 1);
            size_t more = (size_t)random_below(sizeof other);
            if (more > from->size - start) more = from->size - start;
            memcpy(other, from->bytes + start, more);
            size = replace(bytes, size, at, (size_t)random_below(more + 1), other, more);
        }
        }
    }
    return size;
}

static void must(bool holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "the scanner broke a promise: %s\n", what);
    abort();
}

static bool is_within(Span part, Span whole) {
    return whole.start <= part.start && part.start <= part.end && part.end <= whole.end;
}

/* Checks what the scanner says of an attempt that is beyond doubt. */
static void check(const SureAttempt *found, Span whole, const Constraints *shared) {
    const Value *values = found->values;
    for (int use = 0; use < USES; use++) must(is_within(values[use].json, whole), "places");
    must(values[RECORD_ID].is_given && length_of(values[RECORD_ID].json) > 0, "a record id");
    must(values[SUBMISSION].is_given && *values[SUBMISSION].json.start == '{', "a submission");
    must(1 <= values[ATTEMPT_INDEX].number && values[ATTEMPT_INDEX].number <= 1000, "an index");
    must(memchr(values[RECORD_ID].json.start, '\\', length_of(values[RECORD_ID].json)) == NULL,
         "ids without escapes");
    must(!found->is_credited || values[PASSED].number == 1, "what is credited has passed");
    must(found->lacks <= (SEED | DOMAIN | TRAPS | CONTEXT), "fields");
    bool has_context = values[CHALLENGE_CONTEXT].is_given;
    must(has_context == !(found->lacks & CONTEXT), "a context");
    must(has_context == values[CONTEXT_DOCUMENT].is_given, "a document");
    must(has_context || shared != NULL || found->outcomes.pass_count == 0, "constraints");
    must(found->submitted_at == NO_TIME || found->submitted_at >= 0, "a time");
}

/* Writes the text of the trace in a submission, into memory of just the room that it may take. */
static void write_text(Span submission) {
    static const char name[] = "\"reasoning_trace\":[";
    Span trace = submission;
    while (length_of(trace) >= sizeof name && memcmp(trace.start, name, sizeof name - 1) != 0)
        trace.start++;
    if (length_of(trace) < sizeof name) return; /* it is spelled in another way */
    trace.start += sizeof name - 2;
    for (trace.end--; trace.end > trace.start && *trace.end != ']';) trace.end--;
    size_t size = (size_t)(++trace.end - trace.start);
    Byte *raw = malloc(size);
    Text text = {malloc(2 * size), 0, 2 * size};
    must(raw != NULL && text.bytes != NULL, "memory");
    memcpy(raw, trace.start, size);
    if (write_trace_text((Span){raw, raw + size}, &text))
        must(memchr(text.bytes, '\r', text.size) == NULL, "no line break in a line");
    free(text.bytes);
    free(raw);
}

static bool scan(const Byte *bytes, size_t size) {
    Byte *raw = malloc(size ? size : 1);
    must(raw != NULL, "memory");
    memcpy(raw, bytes, size);
    Span whole = {raw, raw + size};
    Constraints constraints = {(size_t)random_below(70), (size_t)random_below(70)};
    const Constraints *shared = random_below(4) == 0 ? &constraints : NULL;
    SureAttempt found;
    previous_place = 0;
    bool is_sure = scan_record(&table, whole, shared, &found);
    if (is_sure) {
        check(&found, whole, shared);
        write_text(found.values[SUBMISSION].json);
    }
    free(raw);
    return is_sure;
}

/* Returns whether the last record took a new way, and forgets the ways that it took. */
static bool is_new_way(void) {
    bool is_new = false;
    for (; taken_count > 0; taken_count--) {
        uint16_t way = taken[taken_count - 1];
        is_new = is_new || !is_known[way];
        is_known[way] = true;
        is_taken[way] = false;
    }
    return is_new;
}

static void add(const Byte *bytes, size_t size) {
    if (corpus_size == MOST_RECORDS) return;
    Byte *copy = malloc(size ? size : 1);
    must(copy != NULL, "no memory");
    memcpy(copy, bytes, size);
    corpus[corpus_size++] = (Record){copy, size};
}

/* The fields as known_fields.py has them, one a line. */
static void read_table(const char *path) {
    FILE *file = fopen(path, "r");
    must(file != NULL, "a table");
    char name[LONGEST_NAME + 1], shape[LONGEST_NAME + 1], use[LONGEST_NAME + 1];
    unsigned object, inner;
    int is_required, may_be_null, may_be_empty;
    long long minimum, maximum;
    while (fscanf(file, "%u %63s %63s %63s %u %d %d %d %lld %lld", &object, name, shape, use, &inner,
                  &is_required, &may_be_null, &may_be_empty, &minimum, &maximum) == 10) {
        Span span = {(const Byte *)name, (const Byte *)name + strlen(name)};
        Field field = {.shape = find_shape(shape), .use = find_use(use),
                       .object = (unsigned char)inner, .is_required = is_required,
                       .may_be_null = may_be_null, .may_be_empty = may_be_empty,
                       .minimum = minimum, .maximum = maximum};
        must(add_field(&table, object, span, &field), "a field fits");
        must(!add_field(&table, object, span, &field), "it fits once");
    }
    must(feof(file), "whole lines");
    fclose(file);
}

int main(int count, char **arguments) {
    if (count < 5) return 2;
    read_table(arguments[3]);
    state = strtoull(arguments[2], NULL, 10) * 2654435761u + 88172645463325252u;
    for (int i = 4; i < count; i++) {
        Byte bytes[LONGEST];
        FILE *file = fopen(arguments[i], "rb");
        must(file != NULL, "a record to start from");
        size_t size = fread(bytes, 1, LONGEST, file);
        fclose(file);
        must(scan(bytes, size), "what the scanner starts from is beyond doubt");
        is_new_way();
        add(bytes, size);
    }
    size_t good = corpus_size; /* these are beyond doubt */
    uint64_t runs = 0, sure = 0;
    for (time_t end = time(NULL) + atoi(arguments[1]); time(NULL) < end;) {
        for (int i = 0; i < 1000; i++, runs++) {
            Byte bytes[LONGEST];
            bool is_good = random_below(2) == 0;
            const Record *from = &corpus[random_below(is_good ? good : corpus_size)];
            memcpy(bytes, from->bytes, from->size);
            size_t size = damage(bytes, from->size);
            sure += scan(bytes, size);
            if (is_new_way()) add(bytes, size);
        }
    }
    printf("%llu records, %llu beyond doubt, %zu ways kept\n", (unsigned long long)runs,
           (unsigned long long)sure, corpus_size);
    return 0;
}
