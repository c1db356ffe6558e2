// Prints `N passed, M failed` over the given JSON reports of vitest; fails when a report has no passed test.
import { readFileSync } from 'node:fs';

const reports = process.argv.slice(2).map(file => JSON.parse(readFileSync(file, 'utf8')));
const total = count => reports.reduce((sum, report) => sum + count(report), 0);

// A file that broke before its first test counts as one failure.
const brokenFiles = report =>
  report.testResults.filter(
    file => file.status === 'failed' && !file.assertionResults.some(test => test.status === 'failed'),
  ).length;
const passed = total(report => report.numPassedTests);
const failed = total(report => report.numFailedTests + brokenFiles(report));
const everyReportCounts = reports.length > 0 && reports.every(report => report.numPassedTests > 0);

if (!everyReportCounts) console.error('A report without one passed test: nothing was shown to work.');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && everyReportCounts ? 0 : 1;
