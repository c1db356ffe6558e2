/** One size of upload, and how many of them last a client one to three seconds. */
export interface Size {
  name: string;
  fileBytes: number;
  uploads: number;
  /** For the curl loop. */
  curlUploads: number;
}

export const sizes: Size[] = [
  { name: '1.3 MB', fileBytes: 1_300_000, uploads: 3000, curlUploads: 100 },
  { name: '1 kB', fileBytes: 1000, uploads: 100_000, curlUploads: 150 },
];

export const connections = 10;
export const repetitions = 5;
