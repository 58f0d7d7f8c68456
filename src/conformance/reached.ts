import { createHttp } from '../http/create-http.js';
import { silent } from '../log.js';
import type { Connector, Context } from '../connectors/connector.js';
import { startFront, type Front } from './front.js';
import type { SystemWorld } from './world.js';

/** Milliseconds after which a request of a proof counts as not answered. */
const TIMEOUT = 2_000;

/** Milliseconds a horizon lies behind the system's clock in a proof. */
export const MARGIN = 10_000;

/** A system behind a front, with its connector. */
export interface Reached {
  front: Front;
  connector: Connector;
  /** Of a call that can be cancelled. */
  context(signal?: AbortSignal): Context;
}

/** Connects a world through a front of its own, and ends that afterwards. */
export async function reaching(world: SystemWorld, work: (reached: Reached) => Promise<void>): Promise<void> {
  const front = await startFront(world.url);
  const http = createHttp({ timeout: TIMEOUT });
  const { connector: type } = world;
  try {
    const connector = type.connect('system', type.systemSettings.parse(world.systemSettings(front.url)), { margin: MARGIN });
    const context = (signal = new AbortController().signal): Context => ({ signal, http, log: silent });
    await work({ front, connector, context });
  } finally {
    http.close();
    await front.close();
  }
}
