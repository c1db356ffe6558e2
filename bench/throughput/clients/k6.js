import http from 'k6/http';

const body = open(__ENV.BODY, 'b');
export const options = { discardResponseBodies: true };

export default function upload() {
  http.post(__ENV.URL, body, { headers: { 'Content-Type': __ENV.TYPE } });
}
