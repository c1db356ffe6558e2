import { createRequire } from 'node:module';
import { packageFolder } from '../package-folder.js';
import { sources } from '../probes/catalogue.js';
import { resourceNames } from '../probes/resource-questions.js';
import type { Schema } from './conforms.js';

const written = createRequire(packageFolder)('./schema/hunt-v1.json') as Schema;

/** The part of the schema that the catalogues provide: the names of resources and sources. */
export const namesInSchema: Record<string, string[]> = {
  resourceName: resourceNames,
  source: Object.keys(sources),
};

/** The schema of a record, with the names from the catalogues. */
export const recordSchema: Schema = {
  ...written,
  $defs: {
    ...written.$defs,
    ...Object.fromEntries(
      Object.entries(namesInSchema).map(([name, names]) => [name, { ...written.$defs![name], enum: names }]),
    ),
  },
};
