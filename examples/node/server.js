import express from 'express';
import multer from 'multer';

/** How often each byte occurs in a file, by the upload's number, for as long as the upload is under way. */
const inProgress = new Map();
let uploads = 0;

const app = express();

app.post('/upload', multer().single('file'), (request, response) => {
  uploads += 1;
  const id = uploads;
  inProgress.set(id, histogramOf(request.file.buffer));
  response.json({ id, spaces: inProgress.get(id)[0x20] });
  if (!process.env.LEAK) inProgress.delete(id);
});

function histogramOf(bytes) {
  const counts = new Array(256).fill(0);
  for (const byte of bytes) counts[byte] += 1;
  return counts;
}

app.listen(process.env.PORT ?? 8000, '127.0.0.1');
