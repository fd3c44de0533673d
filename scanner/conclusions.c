#include "plain_text.h"
#include "scan.h"
#include "timestamps.h"

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
    SureAttempt *attempt = scan->attempt;
    const Value *values = attempt->values;
    const Constraints *constraints = values[CHALLENGE_CONTEXT].is_given ? &scan->constraints : shared;
    attempt->outcomes = (Outcomes){NO_PROBLEM, 0};
    if (constraints == NULL) return true;
    if (constraints->count > MOST_CONSTRAINTS) return false;
    OutcomeFields *fields = &scan->fields;
    fields->is_passed = values[PASSED].number != 0;
    fields->is_credited = attempt->is_credited;
    fields->has_listed_passed = values[CONSTRAINTS_PASSED].is_given;
    fields->has_listed_failed = values[CONSTRAINTS_FAILED].is_given;
    fields->total = count_of(&values[CONSTRAINT_TOTAL]);
    fields->pass_count = count_of(&values[CONSTRAINT_PASS_COUNT]);
    fields->fail_count = count_of(&values[CONSTRAINT_FAIL_COUNT]);
    attempt->outcomes = constraint_outcomes(fields, *constraints);
    return true;
}

bool conclude(Scan *scan, const Constraints *shared) {
    SureAttempt *attempt = scan->attempt;
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
