/* What the parts of the extension module share. */
#ifndef SATUDATA_NATIVE_H
#define SATUDATA_NATIVE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

/* A buffer of whole items, or an error: `items` is how many of `size` bytes it must hold, or -1
 * for any number. */
int whole(const Py_buffer *buffer, Py_ssize_t size, Py_ssize_t items, const char *what);

/* First position from `at` on whose key is not below `key`, in steps that grow: near ones are found
 * at once, and far ones without a look at all between. */
static inline Py_ssize_t gallop(const int64_t *keys, Py_ssize_t count, Py_ssize_t at, int64_t key) {
    Py_ssize_t low = at, step = 1;
    if (at >= count || keys[at] >= key) return at;
    while (step < count - low && keys[low + step] < key) low += step, step *= 2;
    Py_ssize_t high = step < count - low ? low + step : count;
    for (low++; low < high;) {
        Py_ssize_t middle = low + (high - low) / 2;
        if (keys[middle] < key) low = middle + 1;
        else high = middle;
    }
    return low;
}

PyObject *native_periods(PyObject *self, PyObject *args);
PyObject *native_scan(PyObject *self, PyObject *args);
PyObject *native_lines(PyObject *self, PyObject *args);
PyObject *native_texts(PyObject *self, PyObject *args);
PyObject *native_number(PyObject *self, PyObject *args);
PyObject *native_evidence(PyObject *self, PyObject *args);
PyObject *native_figures(PyObject *self, PyObject *args);
PyObject *native_decode(PyObject *self, PyObject *args);
PyObject *native_match(PyObject *self, PyObject *args);
PyObject *native_look_up(PyObject *self, PyObject *args);
PyObject *native_unequal(PyObject *self, PyObject *args);
PyObject *native_pack(PyObject *self, PyObject *args);
PyObject *native_tally(PyObject *self, PyObject *args);

#endif
