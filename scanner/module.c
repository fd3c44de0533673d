/* The scanner as a module of Python: `botcoin_dpo.logs._scanner`; see compiled_scanner.py. */
#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdlib.h>

#include "record_scanner.h"
#include "trace_text.h"

enum { FORMAT = 2 }; /* of what the functions take and return; as in compiled_scanner.py */

static const char TABLE[] = "botcoin_dpo.logs._scanner.table";

static void free_table(PyObject *capsule) { free(PyCapsule_GetPointer(capsule, TABLE)); }

static Span span_of(const char *text, Py_ssize_t size) {
    const Byte *start = (const Byte *)text;
    return (Span){start, start + size};
}

/* make_table([(object, name, action, inner), ...]) -> table */
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
    for (Py_ssize_t i = 0; i < count; i++) {
        unsigned int object, action, inner;
        const char *name;
        Py_ssize_t size;
        PyObject *field = PyList_GetItem(fields, i);
        if (field == NULL || !PyArg_ParseTuple(field, "Is#II", &object, &name, &size, &action, &inner))
            break;
        if (action >= ACTIONS || !add_field(table, object, span_of(name, size), (Action)action, inner)) {
            PyErr_SetString(PyExc_ValueError, "a field does not fit into the table");
            break;
        }
    }
    if (PyErr_Occurred()) {
        Py_DECREF(capsule);
        return NULL;
    }
    return capsule;
}

/* scan(table, raw) -> None where the exact way must decide, else what `ScannedRecord` has, with the
 * document and the trace as their places */
static PyObject *scan(PyObject *module, PyObject *arguments) {
    (void)module;
    PyObject *capsule, *record;
    char *text;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(arguments, "OO", &capsule, &record)) return NULL;
    const RecordTable *table = PyCapsule_GetPointer(capsule, TABLE);
    if (table == NULL || PyBytes_AsStringAndSize(record, &text, &size) < 0) return NULL;
    Byte *kept = malloc((size_t)size + 1);
    if (kept == NULL) return PyErr_NoMemory();
    Span raw = span_of(text, size);
    ScannedRecord found;
    PyObject *result;
    if (scan_record(table, raw, kept, (size_t)size, &found)) {
        result = Py_BuildValue(
            "y#nnnnNN", (const char *)kept, (Py_ssize_t)found.size,
            (Py_ssize_t)(found.document.start - raw.start),
            (Py_ssize_t)(found.document.end - raw.start),
            (Py_ssize_t)(found.trace.start - raw.start), (Py_ssize_t)(found.trace.end - raw.start),
            PyBool_FromLong(found.is_prompt_plain), PyBool_FromLong(found.is_trace_plain));
    } else {
        Py_INCREF(Py_None);
        result = Py_None;
    }
    free(kept);
    return result;
}

/* trace_text(json) -> None where the exact way must decide, else the text */
static PyObject *trace_text(PyObject *module, PyObject *json) {
    (void)module;
    Py_buffer trace;
    if (PyObject_GetBuffer(json, &trace, PyBUF_SIMPLE) < 0) return NULL;
    Text text = {NULL, 0, 2 * (size_t)trace.len}; /* a line is seldom longer than its step */
    text.bytes = malloc(text.room + 1);
    PyObject *result = NULL;
    if (text.bytes == NULL) {
        PyErr_NoMemory();
    } else if (write_trace_text(span_of(trace.buf, trace.len), &text)) {
        result = PyUnicode_DecodeUTF8((const char *)text.bytes, (Py_ssize_t)text.size, NULL);
    } else {
        Py_INCREF(Py_None);
        result = Py_None;
    }
    free(text.bytes);
    PyBuffer_Release(&trace);
    return result;
}

static int set_up(PyObject *module) {
    static const char *const names[ACTIONS] = {"KEEP", "FREE", "OBJECT", "DOCUMENT", "TEXTS", "TRACE"};
    for (int action = 0; action < ACTIONS; action++)
        if (PyModule_AddIntConstant(module, names[action], action) < 0) return -1;
    return PyModule_AddIntConstant(module, "FORMAT", FORMAT);
}

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
