/* Keys: packed together from columns that take few different values. */
#include "native.h"

/* place(codes, table, shift, width, keys): put `table[code]` into the bits of each key, -1 being
 * the table's last entry; `codes` None: its first entry for every key. Whether each of them fits:
 * where one does not, some keys are changed and others not. */
PyObject *native_place(PyObject *self, PyObject *args) {
    PyObject *given;
    Py_buffer codes = {0}, table, keys;
    int shift, width, fits = 1, fine;
    (void)self;
    if (!PyArg_ParseTuple(args, "Oy*iiw*", &given, &table, &shift, &width, &keys)) return NULL;
    const int64_t *entries = table.buf;
    int64_t *out = keys.buf;
    Py_ssize_t count = keys.len / (Py_ssize_t)sizeof *out, last = table.len / (Py_ssize_t)sizeof *entries - 1;
    fine = whole(&keys, sizeof *out, -1, "keys") && whole(&table, sizeof *entries, -1, "table");
    if (fine && (last < 0 || shift < 0 || width < 1 || shift + width > 63)) {
        PyErr_SetString(PyExc_ValueError, "no such bits, or an empty table");
        fine = 0;
    }
    if (fine && given != Py_None)
        fine = !PyObject_GetBuffer(given, &codes, PyBUF_SIMPLE) &&
               whole(&codes, sizeof(int32_t), count, "codes");
    if (fine) {
        uint64_t outside = 0, limit = ~(((uint64_t)1 << width) - 1);
        const int32_t *code = codes.buf;
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t i = 0; i < count; i++) {
            Py_ssize_t at = !code ? 0 : code[i] < 0 ? last : code[i];
            uint64_t entry = at <= last ? (uint64_t)entries[at] : ~(uint64_t)0;
            outside |= entry & limit;
            out[i] |= (int64_t)((entry & ~limit) << shift);
        }
        Py_END_ALLOW_THREADS
        fits = !outside;
    }
    if (codes.obj) PyBuffer_Release(&codes);
    PyBuffer_Release(&table);
    PyBuffer_Release(&keys);
    return fine ? PyBool_FromLong(fits) : NULL;
}
