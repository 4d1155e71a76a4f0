/* A scanned table: where each cell of a delimited text begins. */
#ifndef SATUDATA_TABLE_H
#define SATUDATA_TABLE_H

#include "native.h"

/* Cells stand in rows; `starts` has one entry per cell and one beyond the last. */
typedef struct {
    Py_buffer data, starts;
    const char *text;
    const uint32_t *start;
    Py_ssize_t rows, width, column, first, count;
} Column;

typedef struct {
    const char *text;
    Py_ssize_t length;
} Cell;

/* Take (data, starts, width, column, first) of a Python call; release with column_release. */
int column_parse(PyObject *args, const char *format, Column *out, void *one, void *two, void *three);
void column_release(Column *column);

/* The cell of a row counted from `first`: without its quotes, its delimiter and its line's end. */
static inline Cell cell_at(const Column *c, Py_ssize_t row) {
    Py_ssize_t at = (c->first + row) * c->width + c->column;
    const char *from = c->text + c->start[at], *to = c->text + c->start[at + 1] - 1;
    if (c->column == c->width - 1 && to > from && to[-1] == '\r') to--;
    if (to - from >= 2 && *from == '"') from++, to--;
    return (Cell){from, to - from};
}

#endif
