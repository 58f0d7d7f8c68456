// Asks the registry for known flaws of the packages that are shipped. Status 1: there is one, high or critical. A registry
// that does not answer such questions, or not within a minute, is said and fails nothing.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const timeout = Number(process.env['SANGAM_AUDIT_TIMEOUT'] ?? 60_000);
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const args = ['audit', '--omit=dev', '--json', '--fetch-retries=0', `--fetch-timeout=${timeout}`];
const { stdout } = await promisify(execFile)(npm, args, { timeout, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 }).catch(
  (failed) => failed,
);
const report = parsed(stdout);
if (!report?.vulnerabilities) {
  console.log('Audit: SKIPPED, the registry does not answer audits.');
} else {
  const found = Object.values(report.vulnerabilities);
  const grave = found.filter(({ severity }) => severity === 'high' || severity === 'critical');
  for (const { name, severity, range } of found) console.log(`Audit: ${severity}: ${name} ${range}`.replace(/\p{Cc}/gu, '').trim());
  console.log(`Audit: ${found.length} of the shipped packages have a known flaw, ${grave.length} of them a high or critical one.`);
  if (grave.length > 0) process.exitCode = 1;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
