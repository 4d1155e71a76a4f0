/* Equal keys in sorted arrays. */
#include "native.h"

static Py_ssize_t match(const int64_t *a, Py_ssize_t a_count, const int64_t *b, Py_ssize_t b_count,
                        int64_t *in_a, int64_t *in_b) {
    Py_ssize_t i = 0, j = 0, found = 0;
    while (i < a_count && j < b_count) {
        if (a[i] < b[j]) {
            i = gallop(a, a_count, i + 1, b[j]);
        } else if (b[j] < a[i]) {
            j = gallop(b, b_count, j + 1, a[i]);
        } else {
            in_a[found] = i++, in_b[found++] = j++;
        }
    }
    return found;
}

static Py_ssize_t look_up(const int64_t *needles, Py_ssize_t count, const int64_t *haystack,
                          Py_ssize_t size, int64_t *found_needles, int64_t *places) {
    Py_ssize_t at = 0, found = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        /* Needles mostly ascend; where one does not, the search begins anew. */
        if (at && haystack[at - 1] >= needles[i]) at = 0;
        at = gallop(haystack, size, at, needles[i]);
        if (at < size && haystack[at] == needles[i]) found_needles[found] = i, places[found++] = at;
    }
    return found;
}

static PyObject *run(PyObject *args, int sorted) {
    Py_buffer a, b, in_a, in_b;
    Py_ssize_t found = 0;
    if (!PyArg_ParseTuple(args, "y*y*w*w*", &a, &b, &in_a, &in_b)) return NULL;
    Py_ssize_t a_count = a.len / (Py_ssize_t)sizeof(int64_t), b_count = b.len / (Py_ssize_t)sizeof(int64_t);
    /* Sorted keys match at most as often as the fewer of them; any others as often as there are. */
    Py_ssize_t room = sorted && b_count < a_count ? b_count : a_count;
    int fine = whole(&a, sizeof(int64_t), -1, "keys") && whole(&b, sizeof(int64_t), -1, "keys") &&
               whole(&in_a, sizeof(int64_t), room, "positions") &&
               whole(&in_b, sizeof(int64_t), room, "positions");
    if (fine) {
        Py_BEGIN_ALLOW_THREADS
        found = (sorted ? match : look_up)(a.buf, a_count, b.buf, b_count, in_a.buf, in_b.buf);
        Py_END_ALLOW_THREADS
    }
    PyBuffer_Release(&a);
    PyBuffer_Release(&b);
    PyBuffer_Release(&in_a);
    PyBuffer_Release(&in_b);
    return fine ? PyLong_FromSsize_t(found) : NULL;
}

/* match(a, b, in_a, in_b): the positions of equal keys of two arrays, both ascending; how many there
 * are. All are int64, and positions have room for as many as the shorter array has keys. */
PyObject *native_match(PyObject *self, PyObject *args) {
    (void)self;
    return run(args, 1);
}

/* Positions in `rows` at which the two columns differ; -1 where there is no such figure. */
static Py_ssize_t unequal(const double *a, Py_ssize_t a_count, const int64_t *rows, const double *b,
                          Py_ssize_t b_count, const int64_t *places, Py_ssize_t count, double factor,
                          int64_t *out) {
    Py_ssize_t found = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        if ((uint64_t)rows[i] >= (uint64_t)a_count || (uint64_t)places[i] >= (uint64_t)b_count) return -1;
        out[found] = i;
        found += a[rows[i]] != b[places[i]] * factor;
    }
    return found;
}

/* unequal(a, rows, b, places, factor, out): which `i` have `a[rows[i]] != b[places[i]] * factor`, in
 * order; how many there are. Values are float8, positions int64. */
PyObject *native_unequal(PyObject *self, PyObject *args) {
    Py_buffer a, rows, b, places, out;
    double factor;
    Py_ssize_t found = 0;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*y*y*dw*", &a, &rows, &b, &places, &factor, &out)) return NULL;
    Py_ssize_t count = rows.len / (Py_ssize_t)sizeof(int64_t);
    int fine = whole(&a, sizeof(double), -1, "values") && whole(&b, sizeof(double), -1, "values") &&
               whole(&rows, sizeof(int64_t), -1, "positions") &&
               whole(&places, sizeof(int64_t), count, "positions") &&
               whole(&out, sizeof(int64_t), count, "out");
    if (fine) {
        Py_BEGIN_ALLOW_THREADS
        found = unequal(a.buf, a.len / (Py_ssize_t)sizeof(double), rows.buf, b.buf,
                        b.len / (Py_ssize_t)sizeof(double), places.buf, count, factor, out.buf);
        Py_END_ALLOW_THREADS
        if (found < 0) PyErr_SetString(PyExc_IndexError, "no such figure");
    }
    PyBuffer_Release(&a);
    PyBuffer_Release(&rows);
    PyBuffer_Release(&b);
    PyBuffer_Release(&places);
    PyBuffer_Release(&out);
    return fine && found >= 0 ? PyLong_FromSsize_t(found) : NULL;
}

/* look_up(needles, haystack, found, places): the positions of those needles that the haystack has,
 * and where it has them; how many there are. The haystack ascends, needles need not. Positions have
 * room for as many as there are needles. */
PyObject *native_look_up(PyObject *self, PyObject *args) {
    (void)self;
    return run(args, 0);
}
