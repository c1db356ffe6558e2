import type { ResourceRecord } from '../../record/record.js';
import { formatWhole } from '../../units.js';
import type { SeriesPoint } from '../../verdict/series.js';

type Read = Pick<ResourceRecord, 'points'>;

/** The readings that a verdict rests on: those before and during warm-up are left out. */
function judgedOf({ points }: Read): SeriesPoint[] {
  return points.filter(({ round }) => round === 'upload' || round === 'blank');
}

/** Uploads completed at the last reading. */
export function uploadsSeen({ points }: Read): number {
  return points.at(-1)?.uploads ?? 0;
}

/** Uploads between the first judged reading and the last. */
function uploadsJudged(resource: Read): number {
  const judged = judgedOf(resource);
  return (judged.at(-1)?.uploads ?? 0) - (judged[0]?.uploads ?? 0);
}

/** Whether every judged reading is the same. A verdict of `constant` can rest on the later half alone. */
export function neverChanged(resource: Pick<ResourceRecord, 'points' | 'reason'>): boolean {
  const judged = judgedOf(resource);
  return (
    resource.reason === 'constant' &&
    judged.length > 0 &&
    judged.every(({ value }) => value === judged[0]!.value)
  );
}

/** `unchanged over 1,600 uploads`. */
export function unchangedInWords(resource: Read): string {
  return `unchanged over ${formatWhole(uploadsJudged(resource))} uploads`;
}

/** The resources worth a row, and those that share a line, by their common explanation. */
export function byMovement(all: readonly ResourceRecord[]): {
  moved: ResourceRecord[];
  still: { title: string; resources: ResourceRecord[] }[];
} {
  const titles = new Map<string, ResourceRecord[]>();
  const moved = all.filter(resource => {
    const title = titleOf(resource);
    if (title !== undefined) titles.set(title, [...(titles.get(title) ?? []), resource]);
    return title === undefined;
  });
  return { moved, still: [...titles].map(([title, resources]) => ({ title, resources })) };
}

function titleOf(resource: ResourceRecord): string | undefined {
  if (resource.points.length === 0) return 'Not read';
  if (!neverChanged(resource)) return undefined;
  const words = unchangedInWords(resource);
  return `${words[0]!.toUpperCase()}${words.slice(1)}`;
}
