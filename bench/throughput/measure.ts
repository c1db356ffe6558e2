import { type Cost, costOf } from './cost.js';
import type { Client, Upload } from './peers.js';
import type { Counts, Sink } from './sink.js';
import { connections, type Size } from './sizes.js';

export interface Measurement {
  uploadsPerSecond: number;
  bytesPerSecond: number;
  cpuSecondsPerGigabyte: number;
  peakBytes?: number;
  /** Empty when client and sink agree. */
  mismatches: string[];
}

/** Runs one client once. Speed is by the sink's clock, so no client's start-up counts. */
export async function measure(client: Client, upload: Upload, size: Size, sink: Sink): Promise<Measurement> {
  const cost = await costOf(client, client.command(upload, size));
  const counts = await sink.counts();
  return {
    uploadsPerSecond: counts.uploads / counts.seconds,
    bytesPerSecond: counts.bytes / counts.seconds,
    cpuSecondsPerGigabyte: cost.cpuSeconds / (counts.bytes / 1e9),
    peakBytes: cost.peakBytes,
    mismatches: mismatchesOf(client, upload, size, cost, counts).map(
      each => `${client.name}, ${size.name}: ${each}`,
    ),
  };
}

function mismatchesOf(client: Client, upload: Upload, size: Size, cost: Cost, counts: Counts): string[] {
  const found: string[] = [];
  const told = client.uploads(size);
  if (told === undefined) {
    // Ended by the clock: whatever was under way then may reach the sink unanswered.
    const unanswered = counts.uploads - cost.answered!;
    if (unanswered < 0 || unanswered + counts.cut > (size.connections ?? connections)) {
      found.push(
        `it says ${cost.answered} were answered, the sink counted ${counts.uploads} and ${counts.cut} cut off`,
      );
    }
  } else {
    if (counts.uploads !== told)
      found.push(`told to make ${told} uploads, the sink counted ${counts.uploads}`);
    if ((cost.answered ?? told) !== told)
      found.push(`told to make ${told} uploads, it says ${cost.answered} were answered`);
    if (counts.cut > 0) found.push(`${counts.cut} uploads were cut off`);
  }
  if (counts.smallest !== counts.largest)
    found.push(`bodies of ${counts.smallest} to ${counts.largest} bytes`);
  const right = client.prebuilt ? counts.smallest === upload.bodyBytes : counts.smallest > size.fileBytes;
  if (!right) found.push(`bodies of ${counts.smallest} bytes, of a file of ${size.fileBytes}`);
  if (counts.bytes !== counts.uploads * counts.smallest) found.push(`${counts.bytes} bytes in all`);
  return found;
}
