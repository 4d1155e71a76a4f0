/* The extension module: what the reading and comparing of large tables spends its time on. */
#include "native.h"

static PyMethodDef METHODS[] = {
    {"lines", native_lines, METH_VARARGS, NULL},
    {"periods", native_periods, METH_VARARGS, NULL},
    {"scan", native_scan, METH_VARARGS, NULL},
    {"texts", native_texts, METH_VARARGS, NULL},
    {"number", native_number, METH_VARARGS, NULL},
    {"evidence", native_evidence, METH_VARARGS, NULL},
    {"figures", native_figures, METH_VARARGS, NULL},
    {"decode", native_decode, METH_VARARGS, NULL},
    {"match", native_match, METH_VARARGS, NULL},
    {"look_up", native_look_up, METH_VARARGS, NULL},
    {"unequal", native_unequal, METH_VARARGS, NULL},
    {"pack", native_pack, METH_VARARGS, NULL},
    {"tally", native_tally, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef MODULE = {
    PyModuleDef_HEAD_INIT, "kernel", NULL, -1, METHODS, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit_kernel(void) { return PyModule_Create(&MODULE); }
