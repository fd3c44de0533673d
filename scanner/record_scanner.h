/* Scans one attempt record: checks all of it, and says what a reference of it needs.
 *
 * That is what botcoin_dpo/logs/reference_making.py takes from a record, but for digests and what
 * is unsafe or unusual.
 */
#ifndef BOTCOIN_DPO_RECORD_SCANNER_H
#define BOTCOIN_DPO_RECORD_SCANNER_H

#include "outcomes.h"
#include "record_table.h"
#include "typed_values.h"

/* The fields that a challenge record could supply; as in references.py. */
enum { SEED = 1, DOMAIN = 2, TRAPS = 4, CONTEXT = 8 };

#define NO_TIME INT64_MIN /* as in references.py */

/* What is known of an attempt that is beyond doubt. */
typedef struct {
    Value values[USES];
    bool is_credited;
    unsigned lacks; /* a sum of SEED, DOMAIN, TRAPS and CONTEXT */
    Outcomes outcomes;
    int64_t submitted_at, timestamp; /* milliseconds since the epoch, or NO_TIME */
    bool is_prompt_plain;     /* certainly no unsafe text in document, questions and constraints */
    bool is_submission_plain; /* nor in the artifact and the trace; the model is not looked at */
    bool are_texts_compact;   /* questions and constraints, spelled as reference_making.py does */
} SureAttempt;

/* Scans a record; returns false if the exact way must decide. An attempt without a context of its
 * own has the constraints that are `shared`, if that is not NULL. */
bool scan_record(const RecordTable *table, Span raw, const Constraints *shared,
                 SureAttempt *attempt);

#endif
