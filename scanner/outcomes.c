#include "outcomes.h"

/* Returns the set of the first constraints. */
static ConstraintSet first_constraints(size_t count) {
    return count >= MOST_CONSTRAINTS ? ~(ConstraintSet)0 : ((ConstraintSet)1 << count) - 1;
}

static int64_t size_of_set(ConstraintSet set) { return __builtin_popcountll(set); }

static size_t count_checked(Count total, Constraints constraints) {
    if (!total.is_given) return constraints.not_tips;
    return (uint64_t)total.number < constraints.count ? (size_t)total.number : constraints.count;
}

/* Returns whether lists and results contradict each other. */
static bool is_contradictory(const OutcomeFields *fields) {
    return ((fields->listed_passed & fields->listed_failed) |
            (fields->results_passed & fields->listed_failed) |
            (fields->results_failed & fields->listed_passed)) != 0;
}

static bool is_other_count(Count recorded, int64_t counted) {
    return recorded.is_given && recorded.number != counted;
}

Outcomes constraint_outcomes(const OutcomeFields *fields, Constraints constraints) {
    ConstraintSet checked = first_constraints(count_checked(fields->total, constraints));
    ConstraintSet by_result = fields->results_passed | fields->results_failed;
    ConstraintSet failed = fields->results_failed | (fields->listed_failed & ~by_result);
    ConstraintSet passed = fields->results_passed | (fields->listed_passed & ~by_result & ~failed);
    ConstraintSet unnamed = checked & ~passed & ~failed;
    bool is_unknown = false;
    if (fields->is_passed || fields->has_listed_failed) passed |= unnamed;
    else if (fields->has_listed_passed) failed |= unnamed;
    else is_unknown = unnamed != 0;

    int64_t passes = size_of_set(passed & checked), fails = size_of_set(failed & checked);
    Outcomes outcomes = {NO_PROBLEM, passes};
    if (fields->pass_count.is_given) outcomes.pass_count = fields->pass_count.number;
    if (is_unknown) outcomes.problem = UNKNOWN_OUTCOMES;
    else if (is_contradictory(fields) || is_other_count(fields->pass_count, passes) ||
             is_other_count(fields->fail_count, fails) || (fields->is_credited && fails > 0))
        outcomes.problem = INCONSISTENT_OUTCOMES;
    return outcomes;
}
