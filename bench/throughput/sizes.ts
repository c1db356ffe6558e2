/** One size of upload, and how many of them last a client one to three seconds. */
export interface Size {
  name: string;
  fileBytes: number;
  uploads: number;
  /** For the curl loop. */
  curlUploads: number;
  /** Replaces `connections`. */
  connections?: number;
}

export const sizes: Size[] = [
  { name: '1.3 MB', fileBytes: 1_300_000, uploads: 3000, curlUploads: 100 },
  { name: '1 kB', fileBytes: 1000, uploads: 100_000, curlUploads: 150 },
];

/** How much memory many connections take, and files that fit into no memory. */
export const manyConnections: Size = {
  name: '1.3 MB, 100 connections',
  fileBytes: 1_300_000,
  uploads: 3000,
  curlUploads: 0,
  connections: 100,
};
export const fromDisk: Size = {
  name: '5 GB from disk, 4 connections',
  fileBytes: 5_000_000_000,
  uploads: 8,
  curlUploads: 0,
  connections: 4,
};

export const connections = 10;
/** `BENCH_REPETITIONS=2 npm run bench` for a quick look. */
export const repetitions = Number(process.env.BENCH_REPETITIONS ?? 5);
