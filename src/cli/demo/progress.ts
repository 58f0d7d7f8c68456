import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { MultiBar, type SingleBar } from 'cli-progress';
import type { ProcessStatus } from '../../../workflows/status.js';
import { readStatus, type LiveStatus } from '../../temporal/read-status.js';
import type { Io } from '../io.js';
import { PROCESS } from './run-demo.js';

const ENTITY_TYPES = { subject: 'Beneficiary', enrolment: 'Enrolment', programEncounter: 'Growth', encounter: 'HealthCheck' } as const;

/** Shows a bar for each entity type until all have caught up. @throws Error where the process needs a person. */
export async function showProgress(client: Client, avni: string, io: Io): Promise<ProcessStatus> {
  const totals = await countRecords(avni);
  const bars = process.stdout.isTTY ? barsFor(totals) : undefined;
  try {
    for (;;) {
      if (io.signal.aborted) throw new Error('Ended');
      const status = await readStatus(client, PROCESS).catch(() => undefined);
      if (status) {
        for (const [name, bar] of bars?.each ?? []) bar.update(readOf(status, name));
        if (status.state === 'stopped') throw new Error(status.words);
        if (Object.keys(totals).every((name) => status.types[name]?.lastDone !== undefined) && status.state === 'idle')
          return finish(status, totals, bars, io);
      }
      await pause(400);
    }
  } finally {
    bars?.multi.stop();
  }
}

function finish(status: ProcessStatus, totals: Record<string, number>, bars: Bars | undefined, io: Io): ProcessStatus {
  for (const [name, bar] of bars?.each ?? []) bar.update(totals[name] ?? 0);
  if (!bars)
    for (const [name, { total }] of Object.entries(status.types)) io.out(`${name}: ${total?.read ?? 0} of ${totals[name] ?? 0} read`);
  return status;
}

function readOf(status: LiveStatus, name: string): number {
  const live = status.child?.endsWith(`/${name}`) === true ? (status.live?.sheet.read ?? 0) : 0;
  return (status.types[name]?.total?.read ?? 0) + live;
}

interface Bars {
  multi: MultiBar;
  each: Map<string, SingleBar>;
}

function barsFor(totals: Record<string, number>): Bars {
  const format = '{name} {bar} {value}/{total}  {speed} records/s, {eta_formatted} left';
  const multi = new MultiBar({
    format,
    hideCursor: true,
    clearOnComplete: false,
    formatValue: (value, _options, type) => (type === 'total' || type === 'value' ? String(value) : String(value)),
  });
  const each = new Map<string, SingleBar>();
  const began = Date.now();
  for (const [name, total] of Object.entries(totals)) {
    const bar = multi.create(total, 0, { name: name.padEnd(12), speed: 0 });
    const update = bar.update.bind(bar) as (value: number, payload: object) => void;
    bar.update = ((value: number) =>
      update(value, { name: name.padEnd(12), speed: Math.round(value / Math.max(1, (Date.now() - began) / 1000)) })) as typeof bar.update;
    each.set(name, bar);
  }
  return { multi, each };
}

async function countRecords(avni: string): Promise<Record<string, number>> {
  const records = (await (await fetch(`${avni}/simulator/records`)).json()) as { kind: keyof typeof ENTITY_TYPES }[];
  const totals: Record<string, number> = {};
  for (const { kind } of records) totals[ENTITY_TYPES[kind]] = (totals[ENTITY_TYPES[kind]] ?? 0) + 1;
  return totals;
}
