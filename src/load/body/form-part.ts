import type { Encoder } from './encoders.js';
/** One part of a multipart form, as curl's `-F` describes it. */
export interface FormPart {
  /** Absent for curl's `-F '=text'`. */
  name?: string;
  content: PartContent;
  filename?: string;
  /** Absent: the type follows from the file name's extension, as in curl. */
  type?: string;
  /** Further headers of the part, `Name: value`, or a file of them. */
  headers?: (string | { path: string })[];
  encoder?: Encoder;
}

/**
 * The content of a part; other parts make it a multipart of its own. Standard input is read before the hunt.
 */
export type PartContent =
  | { text: string }
  | { bytes: Buffer }
  | { path: string }
  | { stdin: true }
  | { parts: FormPart[] };
