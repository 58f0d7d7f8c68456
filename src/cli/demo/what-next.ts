import { asTyped, signalCommand, statusCommand } from '../../temporal/errors/commands.js';
import type { DemoSystems } from './demo-systems.js';
import { PROCESS } from './compare/hospital-types.js';

/** What to try, each a command that works as printed in another terminal. */
export function whatNext({ target, here, avni, fhir }: Pick<DemoSystems, 'target' | 'here' | 'avni' | 'fhir'>): string {
  const signal = (name: string, input?: object): string => asTyped(signalCommand(PROCESS, name, input, target));
  const one = `ID=$(curl -s ${avni}/simulator/records | node -pe 'JSON.parse(require("fs").readFileSync(0)).find((r) => r.type === "Beneficiary" && !r.voided).ID')`;
  const report = `curl -s ${fhir}/fhir/DiagnosticReport/report-1`;
  const changed = `node -pe 'JSON.stringify({ ...JSON.parse(require("fs").readFileSync(0)), conclusion: "Seen again" })'`;
  return [
    '',
    'It follows changes now, once a minute. Try, in another terminal in this folder:',
    `  ${asTyped(statusCommand(PROCESS, target))}`,
    `  ${here} npx sangam status`,
    `  ${signal('pause', { reason: 'EMR upgrade', by: 'me' })}`,
    `  ${signal('resume')}`,
    'Change a record in Avni and one in the EMR, and see each arrive in the other system:',
    `  ${one}; curl -s -X POST ${avni}/simulator/records/$ID -d '{"observations":{"First name":"Changed"}}'`,
    `  ${report} | ${changed} | curl -s -X PUT ${fhir}/fhir/DiagnosticReport/report-1 -H 'content-type: application/fhir+json' -d @-`,
    `  sleep 12; ${signal('runNow')}   # a change is read once it is ten seconds old`,
    'Ctrl-C ends everything.',
  ].join('\n');
}
