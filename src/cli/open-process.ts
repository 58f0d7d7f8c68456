import { IntegrationStore } from '../assembly/integration-store.js';
import type { ActiveProcess } from '../assembly/active-process.js';
import type { Context } from '../connectors/connector.js';
import { connectorTypes } from '../connectors/all.js';
import { Cancelled, SystemFailure } from '../errors/system-failure.js';
import { createHttp } from '../http/create-http.js';
import { silent } from '../log.js';
import { MappingThreads } from '../mapping/threads/mapping-threads.js';
import type { EntityTypeParts } from '../sync/parts.js';
import { engineSettings } from '../temporal/settings.js';
import { Told, type Io } from './io.js';
import { getOwn } from '../model/keyed.js';

export interface Opened {
  active: ActiveProcess;
  context: Context;
}

export interface OpenedType extends Opened {
  parts: EntityTypeParts;
}

/**
 * Does something with a process of a folder of definitions, its systems connected as a worker
 * connects them; logs nothing. @throws Told in words.
 */
export async function withOpenProcess<T>(
  { integrations, process }: { integrations: string; process: string },
  io: Io,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const threads = new MappingThreads();
  const store = new IntegrationStore({ path: integrations, connectorTypes, env: io.env, log: silent, makeMapping: threads.mapping });
  const found = await store.find(process);
  if ('missing' in found) throw new Told(found.message.replace('in the worker’s folder', `in ${integrations}`));
  const http = createHttp({ timeout: engineSettings(io.env).requestTimeout });
  try {
    return await work({ active: found.active, context: { signal: io.signal, http, log: silent } });
  } catch (error) {
    if (error instanceof SystemFailure) throw new Told(`${error.message} ${error.remedy} (${error.code})`, { cause: error });
    if (error instanceof Cancelled) throw new Told('Ended before it was done; nothing is lost.', { cause: error });
    throw error;
  } finally {
    http.close();
    await threads.close();
  }
}

/** The same with one entity type of it. @throws Told in words. */
export function withEntityType<T>(
  { entityType, ...of }: { integrations: string; process: string; entityType: string },
  io: Io,
  work: (opened: OpenedType) => Promise<T>,
): Promise<T> {
  return withOpenProcess(of, io, (opened) => {
    const parts = getOwn(opened.active.parts, entityType);
    if (!parts) throw new Told(unknownType(of.process, entityType, opened.active));
    return work({ ...opened, parts });
  });
}

/** Words for an entity type that a process has not. */
export function unknownType(process: string, entityType: string, { parts }: ActiveProcess): string {
  return `${process} has no entity type "${entityType.slice(0, 80)}". It has: ${Object.keys(parts).join(', ')}.`;
}
