import { defineSignal, patched, setDefaultSignalHandler, setHandler } from '@temporalio/workflow';
import { clean } from '../src/model/clean.js';
import { whyUndecodable } from './undecodable.js';

/** A signal that is known; `take` may go on after it returns. */
export interface Message {
  name: string;
  take(payload: unknown): void | Promise<void>;
  description: string;
}

interface Early {
  name: string;
  /** Takes it; the handler that Temporal counts is over when this is. */
  begin(): void;
}

/**
 * Takes signals from now on, and at once those that came before this run, in the order in which they came: handlers alone would take them name by name. One that
 * is not known, or whose payload cannot be decoded, goes to `refuse` in words.
 */
export function takeMessages(messages: Message[], refuse: (why: string) => void): void {
  const known = new Map(messages.map((message) => [message.name, message]));
  const take = (name: string, payload: unknown): void | Promise<void> => {
    const message = known.get(name);
    if (!message) return refuse(`no signal is named "${clean(name, 40)}": it takes ${[...known.keys()].join(', ')}`);
    const why = whyUndecodable(name, payload);
    return why === undefined ? message.take(payload) : refuse(why);
  };
  const early: Early[] = [];
  setDefaultSignalHandler((name, payload) => new Promise((resolve) => early.push({ name, begin: () => resolve(take(name, payload)) })));
  setDefaultSignalHandler(take);
  for (const { name, description } of messages)
    setHandler(defineSignal<[unknown]>(name), (payload) => take(name, payload), { description });
  for (const { begin } of inOrder(early, [...known.keys()])) begin();
}

/** As they came; name by name in a run that began under a release that took them so. */
function inOrder(early: Early[], names: string[]): Early[] {
  const place = ({ name }: Early): number => names.indexOf(name);
  if (new Set(early.map(place)).size < 2 || patched('messages-in-order')) return early;
  return [...early].sort((a, b) => place(a) - place(b));
}
