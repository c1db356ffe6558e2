import { arenas } from './arenas.js';
import { beginnings } from './beginnings.js';
import { counts } from './counts.js';
import { filling } from './filling.js';
import { late } from './late.js';
import { lumps } from './lumps.js';
import type { Family } from './making.js';
import { noises } from './noise.js';
import { teeth } from './teeth.js';
import { byTime } from './time.js';
import { zipf } from './zipf.js';

export const families: Record<string, Family> = {
  ...filling,
  ...arenas,
  ...zipf,
  ...teeth,
  ...beginnings,
  ...late,
  ...noises,
  ...lumps,
  ...byTime,
  ...counts,
};
