import type { Definition } from '../../definition/definition.js';
import { asTyped, signalCommand, startCommand, statusCommand, type Target } from '../../temporal/errors/commands.js';

export interface DevParts {
  ui: string;
  target: Target;
  /** What it set. */
  variables: Record<string, string>;
  /** A file that sets them in another terminal. */
  envFile: string;
  integrations: string;
  processes: Definition['processes'][string][];
  avni: string | undefined;
  fhir: string | undefined;
  /** Folder of what the parts say. */
  logs: string;
}

/** What runs, the variables that are set, and commands that work as printed in another terminal. */
export function helloText(parts: DevParts): string {
  const { ui, variables, envFile, integrations, avni, fhir, logs } = parts;
  return [
    '',
    `Web UI ${ui}`,
    ...(avni === undefined ? [] : [`Simulated Avni ${avni}: ${avni}/simulator/records has its records`]),
    ...(fhir === undefined ? [] : [`Simulated FHIR server ${fhir}/fhir: ${fhir}/simulator/resources has what is there`]),
    `A worker follows ${integrations}: a definition that changes is checked here, and read by the worker.`,
    `What the parts say: ${logs}`,
    '',
    `Set for them, and in ${envFile}:`,
    ...Object.entries(variables).map(([name, value]) => `  ${name}=${value}`),
    ...(avni === undefined || fhir === undefined
      ? ['', 'What is not simulated here is the real system that your environment names: start no process that runs elsewhere.']
      : []),
    '',
    'In another terminal, in this folder:',
    ...commandsOf(parts).map((line) => `  ${line}`),
    'Ctrl-C ends everything.',
  ].join('\n');
}

function commandsOf({ processes, target, envFile, integrations, fhir }: DevParts): string[] {
  const sangam = (...words: string[]): string => `. ${envFile} && ${asTyped(['npx', 'sangam', ...words])}`;
  const each = processes.flatMap(({ id, entityTypes: [first] }) => [
    asTyped(startCommand(id, target)),
    asTyped(statusCommand(id, target)),
    asTyped(signalCommand(id, 'runNow', undefined, target)),
    ...(first ? [sangam('preview', id, first.name, '--sample', '1', '--integrations', integrations, '--show-values')] : []),
  ]);
  return [
    sangam('validate', integrations),
    ...each,
    sangam('status'),
    sangam('errors'),
    ...(fhir === undefined ? [] : [`curl -s ${fhir}/simulator/resources`]),
  ];
}
