type TypedColumn = Uint8Array | Uint32Array | Float64Array | Int32Array;

/**
 * A column with room for `least` entries: half as large again as before, but no larger than `declared` where that
 * is enough. What is declared alone is never allocated: a file can declare anything.
 */
export function withRoom<C extends TypedColumn>(column: C, least: number, declared: number): C {
  if (least <= column.length) return column;
  const grown = Math.max(least, 1024, Math.ceil(column.length * 1.5));
  const size = declared >= least ? Math.min(declared, grown) : grown;
  const larger = new (column.constructor as new (length: number) => C)(size);
  larger.set(column);
  return larger;
}

/** The entries in use, in memory of their own size where much would be left over. */
export function trimmed<C extends TypedColumn>(column: C, length: number): C {
  if (length === column.length) return column;
  return (column.length > length * 1.1 ? column.slice(0, length) : column.subarray(0, length)) as C;
}
