/** The part of JSON Schema (draft 2020-12) that the record's own schema uses. */
export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  allOf?: Schema[];
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
  items?: Schema;
  minimum?: number;
  pattern?: string;
}

/** The longest hunt has some 11,000 rounds; charts are drawn of whole lists. */
const mostItems = 20_000;

/**
 * The first thing in `value` that does not conform to `schema`, as a sentence without a full stop that names
 * its path; undefined if everything does. A null in place of a number is turned back into NaN, which JSON
 * cannot express.
 */
export function nonconformity(value: unknown, schema: Schema): string | undefined {
  const defs = schema.$defs ?? {};
  return check(value, schema, '', defs);
}

type Defs = Record<string, Schema>;

function check(value: unknown, schema: Schema, path: string, defs: Defs): string | undefined {
  const ref = schema.$ref?.replace('#/$defs/', '');
  const rules = [...(ref === undefined ? [] : [defs[ref]!]), ...(schema.allOf ?? [])];
  for (const rule of rules) {
    const wrong = check(value, rule, path, defs);
    if (wrong) return wrong;
  }
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some(type => isOfType(value, type))) {
    return `${path || 'the whole'} is ${shown(value)}, not ${types.join(' or ')}`;
  }
  const allowed = schema.enum ?? ('const' in schema ? [schema.const] : undefined);
  if (allowed && !allowed.includes(value)) {
    return `${path} is ${shown(value)}, which this version does not support`;
  }
  if (typeof value === 'number' && value < (schema.minimum ?? Number.NEGATIVE_INFINITY)) {
    return `${path} is ${value}, below ${schema.minimum}`;
  }
  if (typeof value === 'string' && schema.pattern && !new RegExp(schema.pattern, 'u').test(value)) {
    return `${path} is ${shown(value)}, which has a different format`;
  }
  if (Array.isArray(value)) return schema.items && checkItems(value, schema.items, path, defs);
  if (typeof value === 'object' && value !== null) {
    return checkKeys(value as Record<string, unknown>, schema, path, defs);
  }
  return undefined;
}

function checkItems(items: unknown[], schema: Schema, path: string, defs: Defs): string | undefined {
  if (items.length > mostItems) return `${path} has ${items.length} entries, more than ${mostItems}`;
  for (const [i, item] of items.entries()) {
    if (item === null && takesNumber(schema)) items[i] = Number.NaN;
    const wrong = check(items[i], schema, `${path}[${i}]`, defs);
    if (wrong) return wrong;
  }
  return undefined;
}

function checkKeys(
  object: Record<string, unknown>,
  { required = [], properties = {}, additionalProperties }: Schema,
  path: string,
  defs: Defs,
): string | undefined {
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  const missing = required.find(key => !Object.hasOwn(object, key));
  if (missing !== undefined) return `${at(missing)} is missing`;
  for (const key of Object.keys(object)) {
    const schema = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    if (!schema) continue;
    if (object[key] === null && takesNumber(schema)) object[key] = Number.NaN;
    const wrong = check(object[key], schema, at(key), defs);
    if (wrong) return wrong;
  }
  return undefined;
}

function takesNumber({ type }: Schema): boolean {
  return [type].flat().some(each => each === 'number' || each === 'integer');
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value) || Number.isNaN(value);
  return typeof value === type;
}

const longestShown = 40;

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}
