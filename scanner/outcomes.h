/* Which constraints an attempt passed: botcoin_dpo/contract/outcomes.py, in sets of bits.
 *
 * Bit n of a set is constraint n. Indices and constraints beyond a set are left to the exact way.
 */
#ifndef BOTCOIN_DPO_OUTCOMES_H
#define BOTCOIN_DPO_OUTCOMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MOST_CONSTRAINTS = 64 };

typedef uint64_t ConstraintSet;

/* The constraints of a context, as far as outcomes depend on them. */
typedef struct {
    size_t count;
    size_t not_tips; /* of these, the texts that are no advice */
} Constraints;

/* A number that a record may have. */
typedef struct {
    bool is_given;
    int64_t number;
} Count;

/* What a record says of constraints. */
typedef struct {
    bool is_passed, is_credited;
    bool has_listed_passed, has_listed_failed;
    ConstraintSet listed_passed, listed_failed, results_passed, results_failed;
    Count total, pass_count, fail_count;
} OutcomeFields;

/* As in references.py. */
typedef enum { NO_PROBLEM, UNKNOWN_OUTCOMES, INCONSISTENT_OUTCOMES } OutcomeProblem;

typedef struct {
    OutcomeProblem problem;
    int64_t pass_count;
} Outcomes;

/* Returns the outcomes of at most MOST_CONSTRAINTS constraints. */
Outcomes constraint_outcomes(const OutcomeFields *fields, Constraints constraints);

#endif
