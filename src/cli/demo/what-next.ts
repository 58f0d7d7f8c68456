import { PROCESS, type DemoSystems } from './run-demo.js';

/** What to try, each a command that works as printed in another terminal. */
export function whatNext({ temporal, address, avni }: DemoSystems): string {
  const workflow = `${temporal} workflow`;
  const to = `--address ${address} --workflow-id ${PROCESS}`;
  const one = `ID=$(curl -s ${avni}/simulator/records | node -pe 'JSON.parse(require("fs").readFileSync(0)).find((r) => r.kind === "subject" && !r.voided).ID')`;
  return [
    '',
    'It follows changes now, once a minute. Try, in another terminal in this folder:',
    `  ${workflow} query ${to} --type status`,
    `  TEMPORAL_ADDRESS=${address} npx sangam status`,
    `  ${workflow} signal ${to} --name pause --input '{"reason":"EMR upgrade","by":"me"}'`,
    `  ${workflow} signal ${to} --name resume`,
    'Change a record in Avni, look at once, and see it arrive:',
    `  ${one}; curl -s -X POST ${avni}/simulator/records/$ID -d '{"observations":{"First name":"Changed"}}'`,
    `  sleep 12; ${workflow} signal ${to} --name runNow   # a change is read once it is ten seconds old`,
    'Ctrl-C ends everything.',
  ].join('\n');
}
