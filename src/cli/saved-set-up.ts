import { connectorTypes } from '../connectors/all.js';
import type { Context } from '../connectors/connector.js';
import type { NamesSetUp, SetUpFiles } from '../connectors/names-set-up.js';
import type { KnownNames } from '../definition/checks/set-up-names.js';
import { environmentValue, type Environment } from '../definition/parts/environment.js';
import { SystemFailure } from '../errors/system-failure.js';
import { getOwn } from '../model/keyed.js';
import { Told } from './io.js';

/** All that an organisation has set up, with the credentials of the environment. @throws Told */
export async function askSetUp(connector: string, env: Environment, c: Context): Promise<object> {
  const setUp = setUpOf(connector);
  const has = (name: string): boolean => [name, `${name}_FILE`].some((each) => (getOwn(env, each) ?? '') !== '');
  const settings = setUp.settingsOf(has, (name) => variable(env, name));
  try {
    return await setUp.ask(settings, c);
  } catch (error) {
    if (!(error instanceof SystemFailure)) throw error;
    throw new Told(`${error.message} ${error.remedy} (${error.code})`);
  }
}

/** The names in a saved file, for each connector that can read it. @throws Error in words */
export async function readSetUp(path: string): Promise<KnownNames> {
  const names = new Map<string, NamesSetUp>();
  for (const { name, setUp } of Object.values(connectorTypes)) if (setUp) names.set(name, await setUp.read(path));
  return { names, file: path };
}

function setUpOf(connector: string): SetUpFiles {
  const setUp = getOwn(connectorTypes, connector)?.setUp;
  if (setUp) return setUp;
  const known = Object.values(connectorTypes).flatMap((type) => (type.setUp ? [type.name] : []));
  throw new Told(`There is no metadata of “${connector}”: say ${known.join(' or ')}.`);
}

function variable(env: Environment, name: string): string {
  const found = environmentValue(env, name, { spaces: /PASSWORD/.test(name) });
  if ('value' in found) return found.value;
  throw new Told(`${found.message} (${found.problem})`);
}
