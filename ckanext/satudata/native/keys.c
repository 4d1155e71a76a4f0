/* Keys: packed together from columns that take few different values, and counted by what they are
 * parts of. */
#include "native.h"

#include <string.h>

/* What stands at one place of the keys. */
typedef struct {
    Py_buffer codes, table;
    int shift, width;
} Part;

enum { MOST_PARTS = 32, AT_ONCE = 4096 };

/* Take (codes, table, shift, width) of a Python call for so many keys; release with part_release. */
static int part_parse(PyObject *given, Py_ssize_t count, Part *out) {
    PyObject *codes;
    memset(out, 0, sizeof *out);
    if (!PyTuple_Check(given)) {
        PyErr_SetString(PyExc_TypeError, "a part is codes, table, shift and width");
        return 0;
    }
    if (!PyArg_ParseTuple(given, "Oy*ii", &codes, &out->table, &out->shift, &out->width)) return 0;
    if (!whole(&out->table, sizeof(int64_t), -1, "table")) return 0;
    if (!out->table.len || out->shift < 0 || out->width < 1 || out->shift + out->width > 63) {
        PyErr_SetString(PyExc_ValueError, "no such bits, or an empty table");
        return 0;
    }
    return codes == Py_None || (!PyObject_GetBuffer(codes, &out->codes, PyBUF_SIMPLE) &&
                                whole(&out->codes, sizeof(int32_t), count, "codes"));
}

static void part_release(Part *part) {
    if (part->codes.obj) PyBuffer_Release(&part->codes);
    if (part->table.obj) PyBuffer_Release(&part->table);
}

/* Put a part's entries into some keys; whether each of them fits. */
static int put_part(const Part *part, Py_ssize_t from, Py_ssize_t to, int first, int64_t *keys) {
    const int64_t *entries = part->table.buf;
    const int32_t *codes = part->codes.buf;
    Py_ssize_t last = part->table.len / (Py_ssize_t)sizeof *entries - 1;
    uint64_t outside = 0, limit = ~(((uint64_t)1 << part->width) - 1);
    for (Py_ssize_t i = from; i < to; i++) {
        Py_ssize_t at = !codes ? 0 : codes[i] < 0 ? last : codes[i];
        uint64_t entry = at <= last ? (uint64_t)entries[at] : ~(uint64_t)0;
        int64_t placed = (int64_t)((entry & ~limit) << part->shift);
        outside |= entry & limit;
        keys[i] = first ? placed : keys[i] | placed;
    }
    return !outside;
}

/* pack(parts, keys): make keys (int64) of parts: codes (int32), table (int64), shift and width. The bits
 * from `shift` on are `table[code]`, -1 being the table's last entry; codes None: its first entry for
 * every key. -1, or the first part of which some entry does not fit: then keys are of no use. */
PyObject *native_pack(PyObject *self, PyObject *args) {
    PyObject *given;
    Py_buffer keys;
    Part parts[MOST_PARTS];
    Py_ssize_t taken = 0, unfit = -1;
    (void)self;
    if (!PyArg_ParseTuple(args, "O!w*", &PyTuple_Type, &given, &keys)) return NULL;
    Py_ssize_t number = PyTuple_GET_SIZE(given), count = keys.len / (Py_ssize_t)sizeof(int64_t);
    int fine = whole(&keys, sizeof(int64_t), -1, "keys");
    if (fine && (number < 1 || number > MOST_PARTS)) {
        PyErr_SetString(PyExc_ValueError, "no keys have so many parts");
        fine = 0;
    }
    for (; fine && taken < number; taken++)
        fine = part_parse(PyTuple_GET_ITEM(given, taken), count, &parts[taken]);
    if (fine) {
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t from = 0; from < count && unfit < 0; from += AT_ONCE) {
            Py_ssize_t to = count - from > AT_ONCE ? from + AT_ONCE : count;
            for (Py_ssize_t p = 0; p < number && unfit < 0; p++)
                if (!put_part(&parts[p], from, to, !p, keys.buf)) unfit = p;
        }
        Py_END_ALLOW_THREADS
    }
    while (taken) part_release(&parts[--taken]);
    PyBuffer_Release(&keys);
    return fine ? PyLong_FromSsize_t(unfit) : NULL;
}

/* periods(keys, shift, starts): the positions (int64) at which keys (int64, ascending) first have
 * another value above `shift`; how many there are, or an error where `starts` has no room. */
PyObject *native_periods(PyObject *self, PyObject *args) {
    Py_buffer keys, starts;
    int shift;
    Py_ssize_t found = 0;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*iw*", &keys, &shift, &starts)) return NULL;
    Py_ssize_t count = keys.len / (Py_ssize_t)sizeof(int64_t), room = starts.len / (Py_ssize_t)sizeof(int64_t);
    int fine = whole(&keys, sizeof(int64_t), -1, "keys") && whole(&starts, sizeof(int64_t), -1, "starts");
    if (fine && (shift < 0 || shift > 62)) {
        PyErr_SetString(PyExc_ValueError, "no such bits");
        fine = 0;
    }
    for (Py_ssize_t at = 0; fine && at < count;) {
        const int64_t *key = keys.buf;
        if (found == room) {
            PyErr_SetString(PyExc_ValueError, "starts: there are more periods");
            fine = 0;
            break;
        }
        ((int64_t *)starts.buf)[found++] = at;
        at = gallop(key, count, at + 1, ((key[at] >> shift) + 1) << shift);
    }
    PyBuffer_Release(&keys);
    PyBuffer_Release(&starts);
    return fine ? PyLong_FromSsize_t(found) : NULL;
}

/* Groups of one period by what stands below it: a hash table of their positions. Those of earlier
 * periods have smaller positions, so that nothing has to be emptied for the next period. */
typedef struct {
    Py_ssize_t *bucket, mask;
} Groups;

static inline Py_ssize_t bucket_of(const Groups *g, uint64_t below) {
    uint64_t hash = below * 0x9E3779B97F4A7C15u;
    return (Py_ssize_t)(hash >> 40 ^ hash >> 20) & g->mask;
}

static int groups_grow(Groups *g, const int64_t *found, Py_ssize_t from, Py_ssize_t count, int64_t below) {
    Py_ssize_t buckets = g->mask ? (g->mask + 1) * 4 : 1024;
    PyMem_RawFree(g->bucket);
    g->bucket = PyMem_RawMalloc((size_t)buckets * sizeof *g->bucket);
    if (!g->bucket) return 0;
    memset(g->bucket, 0xff, (size_t)buckets * sizeof *g->bucket);
    g->mask = buckets - 1;
    for (Py_ssize_t i = from; i < count; i++) {
        Py_ssize_t at = bucket_of(g, (uint64_t)(found[i] & below));
        while (g->bucket[at] >= from) at = (at + 1) & g->mask;
        g->bucket[at] = i;
    }
    return 1;
}

/* Number of groups, or -1 where memory is short. */
static Py_ssize_t tally(const int64_t *keys, Py_ssize_t count, const int64_t *whole_of, Py_ssize_t regions,
                        int period_shift, int region_shift, int64_t *groups, int64_t *first,
                        int64_t *present) {
    Groups table = {NULL, 0};
    Py_ssize_t found = 0, from = 0;
    int64_t below = ((int64_t)1 << period_shift) - 1, rest = ((int64_t)1 << region_shift) - 1;
    int64_t period = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        int64_t region = (keys[i] & below) >> region_shift;
        int64_t whole = region < regions ? whole_of[region] : 0;
        if (!whole) continue;
        int64_t group = (keys[i] & ~below) | whole << region_shift | (keys[i] & rest);
        if (keys[i] >> period_shift != period) period = keys[i] >> period_shift, from = found;
        if ((found - from) * 2 >= table.mask && !groups_grow(&table, groups, from, found, below)) {
            found = -1;
            break;
        }
        /* Buckets below `from` are of earlier periods, and so as good as empty. */
        Py_ssize_t at = bucket_of(&table, (uint64_t)(group & below)), one;
        while ((one = table.bucket[at]) >= from && groups[one] != group) at = (at + 1) & table.mask;
        if (one < from) {
            table.bucket[at] = one = found++;
            groups[one] = group, first[one] = i, present[one] = 0;
        }
        present[one]++;
    }
    PyMem_RawFree(table.bucket);
    return found;
}

/* tally(keys, whole_of, period_shift, region_shift, groups, first, present): keys (int64, ascending)
 * with what their region is a part of in its place, each once in order of time, the position of
 * its first part and the number of its parts (int64 each, with room for as many as there are
 * keys); how many there are. Wholes of 0, and regions beyond `whole_of`, are left out. */
PyObject *native_tally(PyObject *self, PyObject *args) {
    Py_buffer keys, whole_of, groups, first, present;
    int period_shift, region_shift;
    Py_ssize_t found = 0;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*iiw*w*w*", &keys, &whole_of, &period_shift, &region_shift, &groups,
                          &first, &present))
        return NULL;
    Py_ssize_t count = keys.len / (Py_ssize_t)sizeof(int64_t);
    int fine = whole(&keys, sizeof(int64_t), -1, "keys") &&
               whole(&whole_of, sizeof(int64_t), -1, "whole_of") &&
               whole(&groups, sizeof(int64_t), count, "groups") &&
               whole(&first, sizeof(int64_t), count, "first") &&
               whole(&present, sizeof(int64_t), count, "present");
    if (fine && !(0 < region_shift && region_shift < period_shift && period_shift < 63)) {
        PyErr_SetString(PyExc_ValueError, "no such bits");
        fine = 0;
    }
    if (fine) {
        Py_BEGIN_ALLOW_THREADS
        found = tally(keys.buf, count, whole_of.buf, whole_of.len / (Py_ssize_t)sizeof(int64_t),
                      period_shift, region_shift, groups.buf, first.buf, present.buf);
        Py_END_ALLOW_THREADS
        if (found < 0) PyErr_NoMemory();
    }
    PyBuffer_Release(&keys);
    PyBuffer_Release(&whole_of);
    PyBuffer_Release(&groups);
    PyBuffer_Release(&first);
    PyBuffer_Release(&present);
    return fine && found >= 0 ? PyLong_FromSsize_t(found) : NULL;
}
