/* The scanner as a module of Python: `botcoin_dpo.logs._scanner`; see compiled_scanner.py. */
#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdlib.h>

#include "record_scanner.h"
#include "trace_text.h"

enum { FORMAT = 3 }; /* of what the functions take and return; as in compiled_scanner.py */

static const char TABLE[] = "botcoin_dpo.logs._scanner.table";

static void free_table(PyObject *capsule) { free(PyCapsule_GetPointer(capsule, TABLE)); }

static Span span_of(const char *text, Py_ssize_t size) {
    const Byte *start = (const Byte *)text;
    return (Span){start, start + size};
}

/* Adds a field as known_fields.py has it; false, with an exception, if it cannot be. */
static bool add_known_field(RecordTable *table, PyObject *known) {
    unsigned int object, inner;
    const char *name, *shape, *use;
    Py_ssize_t size;
    int is_required, may_be_null, may_be_empty;
    long long minimum, maximum;
    if (!PyArg_ParseTuple(known, "Is#ssIpppLL", &object, &name, &size, &shape, &use, &inner,
                          &is_required, &may_be_null, &may_be_empty, &minimum, &maximum))
        return false;
    Field field = {.shape = find_shape(shape), .use = find_use(use),
                   .object = (unsigned char)(inner < MOST_OBJECTS ? inner : MOST_OBJECTS),
                   .is_required = is_required, .may_be_null = may_be_null,
                   .may_be_empty = may_be_empty, .minimum = minimum, .maximum = maximum};
    if (add_field(table, object, span_of(name, size), &field)) return true;
    PyErr_SetString(PyExc_ValueError, "a field does not fit into the table");
    return false;
}

/* make_table([known field, ...]) -> table */
static PyObject *make_table(PyObject *module, PyObject *fields) {
    (void)module;
    RecordTable *table = calloc(1, sizeof *table);
    if (table == NULL) return PyErr_NoMemory();
    PyObject *capsule = PyCapsule_New(table, TABLE, free_table);
    if (capsule == NULL) {
        free(table);
        return NULL;
    }
    Py_ssize_t count = PyList_Size(fields); /* -1, with an exception, if it is no list */
    bool fits = count >= 0;
    for (Py_ssize_t i = 0; fits && i < count; i++) {
        PyObject *field = PyList_GetItem(fields, i);
        fits = field != NULL && add_known_field(table, field);
    }
    if (!fits) {
        Py_DECREF(capsule);
        return NULL;
    }
    return capsule;
}

static PyObject *none(void) { Py_RETURN_NONE; }

/* Returns a text that was given, or None. */
static PyObject *text_of(const Value *value) {
    if (!value->is_given) return none();
    return PyUnicode_DecodeUTF8((const char *)value->json.start,
                                (Py_ssize_t)length_of(value->json), NULL);
}

/* Returns where a value lies in the record. */
static PyObject *place_of(const Value *value, Span raw) {
    PyObject *start = PyLong_FromSsize_t(value->json.start - raw.start);
    PyObject *end = PyLong_FromSsize_t(value->json.end - raw.start);
    PyObject *place = start == NULL || end == NULL ? NULL : PySlice_New(start, end, NULL);
    Py_XDECREF(start);
    Py_XDECREF(end);
    return place;
}

/* Returns the JSON of a list of two lists, questions and constraints, as they are spelled. */
static PyObject *texts_of(const Value *values) {
    Span questions = values[QUESTIONS].json, constraints = values[CONSTRAINTS].json;
    size_t middle = 1 + length_of(questions), size = middle + 1 + length_of(constraints) + 1;
    PyObject *texts = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
    if (texts == NULL) return NULL;
    char *bytes = PyBytes_AsString(texts);
    bytes[0] = '[';
    memcpy(bytes + 1, questions.start, length_of(questions));
    bytes[middle] = ',';
    memcpy(bytes + middle + 1, constraints.start, length_of(constraints));
    bytes[size - 1] = ']';
    return texts;
}

/* Returns the fields of `SureAttempt` in attempt_scanner.py. */
static PyObject *build_attempt(const SureAttempt *found, Span raw) {
    const Value *values = found->values;
    bool has_context = values[CHALLENGE_CONTEXT].is_given;
    return Py_BuildValue(
        "NNNNNNNNLNNIiLLLNNNNN", text_of(&values[RECORD_ID]), text_of(&values[CHALLENGE_ID]),
        text_of(&values[MINER_ID]), text_of(&values[OPERATOR]), text_of(&values[RIG]),
        text_of(&values[MODEL]), text_of(&values[MODEL_VERSION]),
        text_of(&values[MODEL_VERSION_IN_CAMEL_CASE]), (long long)values[ATTEMPT_INDEX].number,
        PyBool_FromLong(values[PASSED].number != 0), PyBool_FromLong(found->is_credited),
        found->lacks, (int)found->outcomes.problem, (long long)found->outcomes.pass_count,
        (long long)found->submitted_at, (long long)found->timestamp,
        has_context ? place_of(&values[CONTEXT_DOCUMENT], raw) : none(),
        has_context ? texts_of(values) : none(), PyBool_FromLong(found->are_texts_compact),
        PyBool_FromLong(found->is_prompt_plain),
        found->is_submission_plain ? none() : place_of(&values[SUBMISSION], raw));
}

/* scan(table, raw, shared) -> None where the exact way must decide, else a tuple. `shared` is None,
 * or the number of constraints of the session and how many of them are no tips. */
static PyObject *scan(PyObject *module, PyObject *arguments) {
    (void)module;
    PyObject *capsule, *record, *shared;
    char *text;
    Py_ssize_t size, count = 0, not_tips = 0;
    if (!PyArg_ParseTuple(arguments, "OOO", &capsule, &record, &shared)) return NULL;
    const RecordTable *table = PyCapsule_GetPointer(capsule, TABLE);
    if (table == NULL || PyBytes_AsStringAndSize(record, &text, &size) < 0) return NULL;
    if (shared != Py_None && !PyArg_ParseTuple(shared, "nn", &count, &not_tips)) return NULL;
    Constraints constraints = {(size_t)count, (size_t)not_tips};
    Span raw = span_of(text, size);
    SureAttempt found;
    bool is_sure = scan_record(table, raw, shared == Py_None ? NULL : &constraints, &found);
    return is_sure ? build_attempt(&found, raw) : none();
}

/* trace_text(json) -> None where the exact way must decide, else the text */
static PyObject *trace_text(PyObject *module, PyObject *json) {
    (void)module;
    Py_buffer trace;
    if (PyObject_GetBuffer(json, &trace, PyBUF_SIMPLE) < 0) return NULL;
    Text text = {NULL, 0, 2 * (size_t)trace.len}; /* a line is seldom longer than its step */
    text.bytes = malloc(text.room + 1);
    PyObject *result = NULL;
    if (text.bytes == NULL)
        PyErr_NoMemory();
    else if (write_trace_text(span_of(trace.buf, trace.len), &text))
        result = PyUnicode_DecodeUTF8((const char *)text.bytes, (Py_ssize_t)text.size, NULL);
    else
        result = none();
    free(text.bytes);
    PyBuffer_Release(&trace);
    return result;
}

static int set_up(PyObject *module) { return PyModule_AddIntConstant(module, "FORMAT", FORMAT); }

static PyMethodDef methods[] = {
    {"make_table", make_table, METH_O, "Return a table of known fields."},
    {"scan", scan, METH_VARARGS, "Scan one record."},
    {"trace_text", trace_text, METH_O, "Return the text of a trace."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {{Py_mod_exec, set_up}, {0, NULL}};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_scanner", "Scans records; may only say yes.", 0, methods, slots,
    NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__scanner(void) { return PyModuleDef_Init(&definition); }
