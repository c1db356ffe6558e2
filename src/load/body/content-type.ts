/** curl's own table (lib/mime.c); a file of any other ending is an octet stream. */
const types: [string, string][] = [
  ['.gif', 'image/gif'],
  ['.jpg', 'image/jpeg'],
  ['.jpeg', 'image/jpeg'],
  ['.png', 'image/png'],
  ['.svg', 'image/svg+xml'],
  ['.txt', 'text/plain'],
  ['.htm', 'text/html'],
  ['.html', 'text/html'],
  ['.pdf', 'application/pdf'],
  ['.xml', 'application/xml'],
];

/** The type that curl takes from the end of a file's name. */
export function typeByEnding(name: string | undefined): string | undefined {
  const lower = name?.toLowerCase();
  return types.find(([ending]) => lower?.endsWith(ending))?.[1];
}
