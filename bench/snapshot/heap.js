/**
 * A process with as many live objects as its argument says, which listens on its inspector until it is ended.
 */
class Upload {
  constructor(number) {
    this.number = number + 0.5;
    this.name = `upload ${number}`;
    this.tags = [`a${number % 7}`, { at: number }];
    this.body = number % 4 === 0 ? Buffer.alloc(10) : null;
  }
}

const uploads = new Map();
for (let number = 0; number < Number(process.argv[2]); number += 1) {
  uploads.set(`key ${number}`, new Upload(number));
}
console.log('ready');
setInterval(() => uploads.size, 60_000);
