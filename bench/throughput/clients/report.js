/** Runs `upload` and prints what it cost this process, start-up excluded, and how many uploads it says were answered. */
export async function report(upload) {
  const before = process.cpuUsage();
  const answered = await upload();
  const { user, system } = process.cpuUsage(before);
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ answered, cpuSeconds: (user + system) / 1e6, peakBytes }));
}
