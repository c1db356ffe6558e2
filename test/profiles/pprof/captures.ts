import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../../fixtures/captures/pprof/', import.meta.url);

/** The recorded profiles in protobuf form, by name. */
export const captures = readdirSync(fileURLToPath(folder)).filter(name => name.endsWith('.pb.gz'));

export const capture = (name: string) => readFileSync(new URL(name, folder));
