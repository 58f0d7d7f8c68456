import { defineSignal, setDefaultSignalHandler, setHandler } from '@temporalio/workflow';
import { clean } from '../src/model/clean.js';
import { whyUndecodable } from '../src/model/undecodable.js';

/** A signal that is known. */
export interface Signal {
  name: string;
  take(payload: unknown): void;
  description: string;
}

/**
 * Takes signals from now on, and at once those that came before this run, in the order in which
 * they came: handlers alone would take them name by name. One that is not known, or whose payload
 * cannot be decoded, goes to `refuse` in words.
 */
export function takeSignals(signals: Signal[], refuse: (why: string) => void): void {
  const known = new Map(signals.map((signal) => [signal.name, signal]));
  const take = (name: string, payload: unknown): void => {
    const signal = known.get(name);
    if (!signal) return refuse(`no signal is named "${clean(name, 40)}": it takes ${[...known.keys()].join(', ')}`);
    const why = whyUndecodable(name, payload);
    if (why === undefined) signal.take(payload);
    else refuse(why);
  };
  setDefaultSignalHandler(take);
  for (const { name, description } of signals) setHandler(defineSignal<[unknown]>(name), (payload) => take(name, payload), { description });
}
