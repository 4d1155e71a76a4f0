/* What the parts of the extension module share. */
#ifndef SATUDATA_NATIVE_H
#define SATUDATA_NATIVE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

/* A buffer of whole items, or an error: `items` is how many of `size` bytes it must hold, or -1
 * for any number. */
int whole(const Py_buffer *buffer, Py_ssize_t size, Py_ssize_t items, const char *what);

PyObject *native_scan(PyObject *self, PyObject *args);
PyObject *native_lines(PyObject *self, PyObject *args);
PyObject *native_texts(PyObject *self, PyObject *args);
PyObject *native_number(PyObject *self, PyObject *args);
PyObject *native_evidence(PyObject *self, PyObject *args);
PyObject *native_figures(PyObject *self, PyObject *args);
PyObject *native_decode(PyObject *self, PyObject *args);
PyObject *native_match(PyObject *self, PyObject *args);
PyObject *native_look_up(PyObject *self, PyObject *args);
PyObject *native_place(PyObject *self, PyObject *args);
PyObject *native_tally(PyObject *self, PyObject *args);

#endif
