import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { namesInSchema } from '../src/record/schema.js';

const path = fileURLToPath(new URL('../schema/hunt-v1.json', import.meta.url));

/** The schema's text with the names of resources and sources as the catalogues have them now. */
export function withNames(text: string): string {
  return Object.entries(namesInSchema).reduce((schema, [definition, names]) => {
    const list = names.map(name => `        ${JSON.stringify(name)}`).join(',\n');
    const written = new RegExp(`("${definition}": \\{[^{}]*"enum": )\\[[^\\]]*\\]`);
    return schema.replace(written, (_, start: string) => `${start}[\n${list}\n      ]`);
  }, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await readFile(path, 'utf8');
  const built = withNames(text);
  if (built !== text) await writeFile(path, built);
}
