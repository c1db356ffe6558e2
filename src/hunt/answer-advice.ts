/** What to do about uploads that a server refuses, by the status of its response. */
const ways: Record<number, string> = {
  400: 'It cannot make sense of the request: check the name of the form field (-F, --field) and what else the form must hold.',
  401: "It wants to know who uploads: add -u name:password, -H 'Authorization: Bearer ...', or the cookie of a session by -b.",
  403: 'It does not allow this: add the header or the cookie (-H, -b) that a browser sends, such as a session or a CSRF token.',
  404: 'Nothing is at this path: check the path of the URL.',
  405: 'The path is there, but not for this method: check the path, or name the method by -X.',
  407: 'The proxy wants to know who goes through it: add -U name:password.',
  408: 'It did not get the upload in time: upload fewer at once (-c), or raise its time limit.',
  411: 'It wants to know the length beforehand: leave out the header Transfer-Encoding.',
  413: 'The body is too large for it or for a proxy before it: upload less by --size, or raise the limit (nginx: client_max_body_size).',
  415: "It takes no such file: name the content type, as in -F 'file=@a.pdf;type=application/pdf', or check the field.",
  422: 'It does not take the form as it is: check the name of the field (-F, --field) and the type of the file.',
  429: 'It limits the rate of requests: upload more slowly by --rate, as in --rate 5/s, or lift the limit for the hunt.',
  500: 'It failed: look at what it logged for this upload.',
  501: 'It does not know this method: name another by -X.',
  502: 'A proxy got no sound answer from the server behind it: look at that server, or upload to it directly.',
  503: 'It is not ready or has too much to do: wait until it is, or upload more slowly by --rate.',
  504: 'A proxy waited for the server behind it in vain: upload to that server directly, or raise the time limit of the proxy.',
};

/** Refusals that may be just what the user wants to measure. */
const meant = new Set([400, 401, 403, 413, 415, 422]);

/** The next step, in a sentence or two; undefined if the status alone says too little. */
export function adviceForStatus(status: number, location?: string): string | undefined {
  if (status >= 300 && status <= 399) return adviceForRedirect(status, location);
  const way = ways[status] ?? (status >= 500 ? ways[500] : undefined);
  return meant.has(status) ? `${way} If it should refuse it, --scenario reject measures that.` : way;
}

/**
 * The statuses that `-L` follows (RFC 9110, sections 15.4.8 and 15.4.9): only these two have the upload sent
 * again unchanged.
 */
function adviceForRedirect(status: number, location?: string): string {
  if (status === 307 || status === 308) return 'It leads elsewhere: -L follows 307 and 308.';
  const login =
    location !== undefined && /log-?in|sign-?in|auth|sso/i.test(location)
      ? ' It looks like a login: add the cookie of a session by -b, or a header by -H.'
      : '';
  return (
    `-L follows 307 and 308 alone, as after ${status} a client sends a GET: give the URL that takes the upload, ` +
    `or take the redirect for its answer by --expect-status ${status}.${login}`
  );
}
