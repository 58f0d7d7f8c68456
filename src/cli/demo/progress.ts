import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { MultiBar } from 'cli-progress';
import type { ProcessStatus } from '../../../workflows/status.js';
import { readStatus } from '../../temporal/read-status.js';
import type { Io } from '../io.js';
import { dumpsOf } from './compare/compare-systems.js';
import { PROCESS, TO_AVNI, TO_EMR, typeToAvni, typeToEmr } from './compare/hospital-types.js';
import type { DemoSystems } from './demo-systems.js';
import { getOwn } from '../../model/keyed.js';

/** Milliseconds between two looks. */
const INTERVAL = 400;

/**
 * Shows a bar for each entity type until all have caught up. @throws Error where the process needs
 * a person.
 */
export async function showProgress(client: Client, systems: DemoSystems, io: Io): Promise<ProcessStatus> {
  const totals = await countRecords(systems);
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
    for (const [direction, names] of Object.entries({ 'avni → emr': TO_EMR, 'emr → avni': TO_AVNI }))
      io.out(`${direction}: ${names.map((name) => `${name} ${readOf(status, name)} of ${getOwn(totals, name) ?? 0} read`).join(', ')}`);
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

async function countRecords(systems: DemoSystems): Promise<Record<string, number>> {
  const { records, resources } = await dumpsOf(systems);
  const totals: Record<string, number> = Object.fromEntries([...TO_EMR, ...TO_AVNI].map((name) => [name, 0]));
  for (const name of [...records.map(typeToEmr), ...resources.map(typeToAvni)]) if (name) totals[name] = (totals[name] ?? 0) + 1;
  return totals;
}
