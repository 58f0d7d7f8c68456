import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { MultiBar } from 'cli-progress';
import type { ProcessStatus } from '../../../workflows/status.js';
import { readStatus } from '../../temporal/read-status.js';
import type { Io } from '../io.js';
import { PROCESS } from './demo-systems.js';
import { getOwn } from '../../model/keyed.js';

/** Milliseconds between two looks. */
const INTERVAL = 400;

const ENTITY_TYPES = { subject: 'Beneficiary', enrolment: 'Enrolment', programEncounter: 'Growth', encounter: 'HealthCheck' } as const;

/**
 * Shows a bar for each entity type until all have caught up. @throws Error where the process needs
 * a person.
 */
export async function showProgress(client: Client, avni: string, io: Io): Promise<ProcessStatus> {
  const totals = await countRecords(avni);
  const bars = process.stdout.isTTY ? barsFor(totals) : undefined;
  try {
    for (;;) {
      if (io.signal.aborted) throw new Error('Ended');
      const status = await readStatus(client, PROCESS).catch(() => undefined);
      if (status && 'state' in status) {
        for (const [name, update] of bars?.each ?? []) update(readOf(status, name));
        if (status.state === 'stopped') throw new Error(status.words);
        if (Object.keys(totals).every((name) => getOwn(status.types, name)?.lastDone !== undefined) && status.state === 'idle')
          return finish(status, totals, bars, io);
      }
      await pause(INTERVAL);
    }
  } finally {
    bars?.multi.stop();
  }
}

function finish(status: ProcessStatus, totals: Record<string, number>, bars: Bars | undefined, io: Io): ProcessStatus {
  for (const [name, update] of bars?.each ?? []) update(readOf(status, name));
  if (!bars)
    for (const [name, { total }] of Object.entries(status.types))
      io.out(`${name}: ${total?.read ?? 0} of ${getOwn(totals, name) ?? 0} read`);
  return status;
}

function readOf({ types }: ProcessStatus, name: string): number {
  return getOwn(types, name)?.total?.read ?? 0;
}

interface Bars {
  multi: MultiBar;
  each: Map<string, (value: number) => void>;
}

function barsFor(totals: Record<string, number>): Bars {
  const multi = new MultiBar({
    format: '{name} {bar} {value}/{total}  {speed} records/s, {left} left',
    hideCursor: true,
    clearOnComplete: false,
    formatValue: String,
  });
  const each = new Map<string, (value: number) => void>();
  for (const [name, total] of Object.entries(totals)) {
    const bar = multi.create(total, 0, { name: name.padEnd(12), speed: 0, left: '…' });
    let began: number | undefined;
    let last = 0;
    each.set(name, (value) => {
      if (value === last && value >= total) return;
      last = value;
      if (value > 0) began ??= Date.now() - INTERVAL;
      bar.update(value, paceOf(value, total, began));
    });
  }
  return { multi, each };
}

/** Records a second since the type began, and how long the rest takes at that. */
function paceOf(value: number, total: number, began: number | undefined): { speed: number; left: string } {
  if (began === undefined) return { speed: 0, left: '…' };
  const pace = value / (Date.now() - began);
  return { speed: Math.round(pace * 1000), left: `${Math.ceil(Math.max(0, total - value) / pace / 1000)} s` };
}

async function countRecords(avni: string): Promise<Record<string, number>> {
  const records = (await (await fetch(`${avni}/simulator/records`)).json()) as { kind: keyof typeof ENTITY_TYPES }[];
  const totals: Record<string, number> = {};
  for (const { kind } of records) totals[ENTITY_TYPES[kind]] = (totals[ENTITY_TYPES[kind]] ?? 0) + 1;
  return totals;
}
