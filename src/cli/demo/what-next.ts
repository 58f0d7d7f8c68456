import { asTyped, signalCommand, statusCommand } from '../../temporal/errors/commands.js';
import { PROCESS, type DemoSystems } from './demo-systems.js';

/** What to try, each a command that works as printed in another terminal. */
export function whatNext({ target, here, avni }: Pick<DemoSystems, 'target' | 'here' | 'avni'>): string {
  const signal = (name: string, input?: object): string => asTyped(signalCommand(PROCESS, name, input, target));
  const one = `ID=$(curl -s ${avni}/simulator/records | node -pe 'JSON.parse(require("fs").readFileSync(0)).find((r) => r.kind === "subject" && !r.voided).ID')`;
  return [
    '',
    'It follows changes now, once a minute. Try, in another terminal in this folder:',
    `  ${asTyped(statusCommand(PROCESS, target))}`,
    `  ${here} npx sangam status`,
    `  ${signal('pause', { reason: 'EMR upgrade', by: 'me' })}`,
    `  ${signal('resume')}`,
    'Change a record in Avni, look at once, and see it arrive:',
    `  ${one}; curl -s -X POST ${avni}/simulator/records/$ID -d '{"observations":{"First name":"Changed"}}'`,
    `  sleep 12; ${signal('runNow')}   # a change is read once it is ten seconds old`,
    'Ctrl-C ends everything.',
  ].join('\n');
}
