#include "record_table.h"

#include <string.h>

static const char *const SHAPE_NAMES[SHAPES] = {
    [TEXT] = "text",
    [BOOLEAN] = "boolean",
    [INTEGER] = "integer",
    [NUMBER] = "number",
    [INTEGER_OR_TEXT] = "integer_or_text",
    [OBJECT] = "object",
    [FREE_OBJECT] = "free_object",
    [FREE_OBJECTS] = "free_objects",
    [DOCUMENT] = "document",
    [TEXTS] = "texts",
    [INDICES] = "indices",
    [RESULTS] = "results",
    [TRACE] = "trace",
};

static const char *const USE_NAMES[USES] = {
    [UNUSED] = "",
    [RECORD_ID] = "record_id",
    [CHALLENGE_ID] = "challenge_id",
    [MINER_ID] = "miner_id",
    [OPERATOR] = "operator",
    [RIG] = "rigId",
    [MODEL] = "model",
    [MODEL_VERSION] = "model_version",
    [MODEL_VERSION_IN_CAMEL_CASE] = "modelVersion",
    [ATTEMPT_INDEX] = "attempt_index",
    [PASSED] = "passed",
    [CREDIT_ELIGIBLE] = "credit_eligible",
    [ACCEPTANCE_PATH] = "acceptance_path",
    [SUBMISSION] = "submission",
    [ARTIFACT] = "artifact",
    [CHALLENGE_SEED] = "challenge_seed",
    [CHALLENGE_DOMAIN] = "challenge_domain",
    [TRAP_METADATA] = "trap_metadata",
    [CHALLENGE_CONTEXT] = "challenge_context",
    [CONTEXT_DOCUMENT] = "document",
    [QUESTIONS] = "questions",
    [CONSTRAINTS] = "constraints",
    [CONSTRAINT_TOTAL] = "constraint_total",
    [CONSTRAINT_PASS_COUNT] = "constraint_pass_count",
    [CONSTRAINT_FAIL_COUNT] = "constraint_fail_count",
    [CONSTRAINTS_PASSED] = "constraints_passed",
    [CONSTRAINTS_FAILED] = "constraints_failed",
    [RESULT_PASSED] = "result_passed",
    [ATTEMPT_SUBMITTED_AT] = "attempt_submitted_at",
    [TIMESTAMP] = "timestamp",
};

/* Returns the place of a name in a list, or the size of the list. */
static size_t find_name(const char *name, const char *const *names, size_t size) {
    size_t place = 0;
    while (place < size && strcmp(name, names[place]) != 0) place++;
    return place;
}

Shape find_shape(const char *name) { return (Shape)find_name(name, SHAPE_NAMES, SHAPES); }

Use find_use(const char *name) { return (Use)(find_name(name, USE_NAMES, USES) % USES); }

static size_t slot_of(Span name) {
    size_t length = length_of(name);
    if (length == 0) return 0;
    const Byte *text = name.start;
    return (length * 17 + text[0] * 3u + text[length / 2] * 29u + text[length - 1] * 7u) % SLOTS;
}

size_t find_field(const ObjectTable *object, Span name) {
    size_t slot = slot_of(name);
    for (size_t tried = 0; tried < SLOTS && object->slots[slot] != 0; tried++) {
        size_t number = object->slots[slot] - 1u;
        const Field *field = &object->fields[number];
        if (is_same(name, field->name, field->length)) return number;
        slot = (slot + 1) % SLOTS;
    }
    return MOST_FIELDS;
}

bool add_field(RecordTable *table, size_t object, Span name, const Field *field) {
    if (object >= MOST_OBJECTS || field->object >= MOST_OBJECTS) return false;
    if (field->shape >= SHAPES || field->use >= USES) return false;
    ObjectTable *owner = &table->objects[object];
    size_t length = length_of(name);
    if (owner->count >= MOST_FIELDS || length == 0 || length > LONGEST_NAME) return false;
    if (find_field(owner, name) < MOST_FIELDS) return false;
    Field *added = &owner->fields[owner->count];
    *added = *field;
    memcpy(added->name, name.start, length);
    added->length = (unsigned char)length;
    if (field->is_required) owner->required |= (uint64_t)1 << owner->count;
    size_t slot = slot_of(name);
    while (owner->slots[slot] != 0) slot = (slot + 1) % SLOTS; /* there are more than fields */
    owner->slots[slot] = (unsigned char)++owner->count;
    return true;
}
